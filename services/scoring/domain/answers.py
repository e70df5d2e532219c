"""Answers become counts, a person's own scores, an instance's moments, and cases where somebody needs help."""

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import msgspec

from services.scoring.domain import cases, features, instance, off_map, three_e
from services.scoring.domain.arrival import Arrival, RulesAt
from services.scoring.domain.ledger import InstanceKey, Ledger
from services.scoring.domain.place import Place, place
from services.scoring.domain.response import Standing, keyed, merge, whole
from services.scoring.domain.rules import NOBODY
from services.scoring.domain.state import Cell, Customer, Field, Moment, Response
from services.scoring.domain.whose import CUSTOMER, customers_own
from shared.events.event import Event, Stamp
from shared.events.model import Answer, Feedback
from shared.metrics.scales import check_score, norm100_of, scale_of
from shared.metrics.span import quarter_of


class Merged(NamedTuple):
    """A response with this part: the event that all parts make together, and its answers, each with its place."""

    response: Response
    event: Event
    standing: list[tuple[Standing, Place]]


def learn_whole(arrival: Arrival, customer: Customer) -> None:
    """The customer's own scores, of feedback that comes in one piece."""
    data = arrival.event.data
    assert type(data) is Feedback
    if not customers_own(data.perspective):
        return
    for answer in data.answers:
        features.score(customer, answer.metric, answer.score, arrival.stamp)


def count_whole(ledger: Ledger, arrival: Arrival, customer: Customer | None) -> None:
    """Count the answers of feedback that comes in one piece, and open its cases."""
    data = arrival.event.data
    assert type(data) is Feedback
    where = arrival.place
    if customer is not None:
        cases.of_whole(ledger, arrival, customer)
    if where.touchpoint is None:
        return
    persona = customer.persona if customer else NOBODY
    own = customer is not None and customers_own(data.perspective)
    for key, answer in keyed(data.answers):
        ledger.count(_cell(data, answer, arrival.stamp, where, persona), 1)
        if own:
            _remember(ledger, arrival, where, f"{arrival.identity.hex()}:{key}", answer, arrival.stamp)
    index = three_e.of_whole(data.answers)
    if index is not None:
        ledger.count(_counted(data, three_e.SERIES, index, arrival.stamp, where, persona), 1)


def learn_part(ledger: Ledger, arrival: Arrival, customer: Customer | None, rules_at: RulesAt) -> Merged:
    """Merge a part into its response; the customer's own scores are those that stand then, and so is the channel."""
    assert arrival.response is not None
    response = ledger.responses.setdefault(arrival.response, Response())
    before, channel = _own(response), _own_channel(response)
    for one, where in _standing(response, arrival, rules_at)[1]:
        _forget(ledger, arrival, where, one.key)
    merge(response, arrival.event, arrival.stamp, arrival.rules.asked)
    merged = Merged(response, *_standing(response, arrival, rules_at))
    if customer is not None:
        _rescore(customer, before, merged)
        features.rechannel(customer, channel, _own_channel(response))
    return merged


def _rescore(customer: Customer, before: dict[str, Field], merged: Merged) -> None:
    """The customer's own scores: each answer that stands now and did not, instead of the one that stood before."""
    now = _own(merged.response)
    for key in before.keys() - now.keys():
        features.withdraw(customer, before[key].value[0], before[key].value[1])
    for key, given in sorted(now.items(), key=itemgetter(0)):
        former = before.get(key)
        if former != given:
            if former is not None:
                features.unscore(customer, former.value[0], former.value[1])
            features.score(customer, given.value[0], given.value[1], given.stamp)


def _own(response: Response) -> dict[str, Field]:
    """The answers that stand, if they are the customer's own."""
    return dict(response.answers) if customers_own(_said(response, "perspective")) else {}


def _own_channel(response: Response) -> str | None:
    """Where it was answered, if that was by the customer himself."""
    return _said(response, "channel") if customers_own(_said(response, "perspective")) else None


def _said(response: Response, field: str) -> str | None:
    given = response.fields.get(field)
    return given.value if given else None


def count_part(ledger: Ledger, arrival: Arrival, customer: Customer | None, merged: Merged, rules_at: RulesAt) -> None:
    """Recount what changed by a part, and open the cases of the response as it stands."""
    assert arrival.response is not None
    off_map.recount(ledger, merged.response, customer, merged.event, rules_at)
    assert type(merged.event.data) is Feedback
    own = customers_own(merged.event.data.perspective)
    for one, where in merged.standing:
        _restate(ledger, merged.response, customer, (one, merged.event, where))
        if own:
            _remember(ledger, arrival, where, f"{arrival.response.hex()}:{one.key}", one.answer, one.stamp)
    _restate_index(ledger, customer, merged, rules_at)
    if customer is not None:
        answered = [(one.answer, one.stamp, where) for one, where in merged.standing]
        cases.of_response(ledger, arrival, customer, merged.response, merged.event.data, answered, rules_at)


def instances_of_parts(
    responses: dict[bytes, Response], parts: Sequence[Arrival], rules_at: RulesAt
) -> set[InstanceKey]:
    """The instances that answers of these parts stand in before, between and after them: to be loaded.

    `responses` are as loaded; copies are merged, nothing is changed.
    """
    copies = {key: msgspec.convert(msgspec.to_builtins(state), Response) for key, state in responses.items()}
    keys: set[InstanceKey] = set()
    for arrival in parts:
        assert arrival.response is not None
        response = copies.setdefault(arrival.response, Response())
        places = [where for _, where in _standing(response, arrival, rules_at)[1]]
        merge(response, arrival.event, arrival.stamp, arrival.rules.asked)
        places += [where for _, where in _standing(response, arrival, rules_at)[1]]
        keys |= {
            (arrival.event.customer, where.journey, where.instance)
            for where in places
            if arrival.event.customer and where.journey is not None and where.instance is not None
        }
    return keys


def _standing(response: Response, arrival: Arrival, rules_at: RulesAt) -> tuple[Event, list[tuple[Standing, Place]]]:
    """The response as it stands, and its answers, each with the place that the programme of its time gives it."""
    merged, standing = whole(response, arrival.event)
    return merged, [(one, place(merged, rules_at(one.stamp[0]))) for one in standing]


def _restate(
    ledger: Ledger, response: Response, customer: Customer | None, standing: tuple[Standing, Event, Place]
) -> None:
    """Count a standing answer where it belongs now."""
    one, merged, where = standing
    persona = _persona(response, one.key, customer)
    assert type(merged.data) is Feedback
    cell = None if where.touchpoint is None else _cell(merged.data, one.answer, one.stamp, where, persona)
    _recount(ledger, response, one.key, cell)


def _restate_index(ledger: Ledger, customer: Customer | None, merged: Merged, rules_at: RulesAt) -> None:
    """Count the three E's where they belong now; they were given when the last of them was."""
    found = three_e.of_standing(one for one, _ in merged.standing)
    if found is None:
        return
    value, stamp = found
    where = place(merged.event, rules_at(stamp[0]))
    persona = _persona(merged.response, three_e.METRIC, customer)
    assert type(merged.event.data) is Feedback
    counted = _counted(merged.event.data, three_e.SERIES, value, stamp, where, persona)
    _recount(ledger, merged.response, three_e.METRIC, None if where.touchpoint is None else counted)


def _persona(response: Response, key: str, customer: Customer | None) -> str:
    """What is counted keeps the persona that it was first counted with."""
    former = response.cells.get(key)
    return former[0][6] if former else customer.persona if customer else NOBODY


def _recount(ledger: Ledger, response: Response, key: str, cell: Cell | None) -> None:
    former = response.cells.get(key)
    if former == cell:
        return
    if former is not None:
        ledger.count(former, -1)
        del response.cells[key]
    if cell is not None:
        ledger.count(cell, 1)
        response.cells[key] = cell


def _forget(ledger: Ledger, arrival: Arrival, where: Place, key: str) -> None:
    """Take a moment out of its instance before the response is merged; it is put back where it then belongs."""
    if arrival.response is None or arrival.event.customer is None or where.journey is None or where.instance is None:
        return
    run = ledger.instances.get((arrival.event.customer, where.journey, where.instance))
    if run is not None:
        run.moments.pop(f"{arrival.response.hex()}:{key}", None)


def _cell(data: Feedback, answer: Answer, stamp: Stamp, where: Place, persona: str) -> Cell:
    scale = scale_of(answer.metric, answer.scale)
    return _counted(data, (answer.metric, scale.scale_id), check_score(scale, answer.score), stamp, where, persona)


def _counted(
    data: Feedback, metric_and_scale: tuple[str, str], value: int, stamp: Stamp, where: Place, persona: str
) -> Cell:
    """An answer counts at `experienced_at` where the source gives it, else at its own time (design §3.7)."""
    series = (
        where.journey or "",
        where.major,
        where.touchpoint or "",
        data.perspective or CUSTOMER,
        *metric_and_scale,
        persona,
        data.channel or "",
    )
    return series, quarter_of(data.experienced_at or stamp[0]), value


def _remember(ledger: Ledger, arrival: Arrival, where: Place, key: str, answer: Answer, stamp: Stamp) -> None:
    """Keep a scored moment in its instance, for peak and end of its customer. `key` names the answer within it."""
    if where.journey is None or where.touchpoint is None or where.instance is None or arrival.event.customer is None:
        return
    score = norm100_of(scale_of(answer.metric, answer.scale), answer.score)
    if score is not None:
        run = instance.lend(ledger, (arrival.event.customer, where.journey, where.instance))
        run.moments[key] = Moment(stamp, where.touchpoint, answer.metric, round(score * 1_000_000))
