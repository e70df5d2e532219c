"""One customer needs help now: a severe answer or a broken promise opens a case for its owner, once (design §2.3)."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from typing import Any

from services.scoring.domain import persona
from services.scoring.domain.arrival import Arrival, RulesAt
from services.scoring.domain.case_rules import concerns, fresh
from services.scoring.domain.ledger import InstanceKey, Ledger, Telling
from services.scoring.domain.place import Place
from services.scoring.domain.rules import Rules
from services.scoring.domain.state import Customer, Promise, Response
from services.scoring.domain.whose import customers_own
from shared.events.event import Stamp
from shared.events.model import Answer, Feedback
from shared.events.told.case import CaseOpened
from shared.events.told.persona import Treatment
from shared.metrics.scales import scale_of
from shared.programme.model import CaseRule

Answered = tuple[Answer, Stamp, Place]


def of_whole(ledger: Ledger, arrival: Arrival, customer: Customer) -> None:
    """Open the cases of feedback that comes in one piece."""
    data = arrival.event.data
    assert type(data) is Feedback
    if not arrival.rules.cases.on_scores:
        return
    answered = ((answer, arrival.stamp, arrival.place) for answer in data.answers)
    _of_answers(ledger, arrival, customer, data, answered, lambda _: arrival.rules, set())


def of_response(
    ledger: Ledger,
    arrival: Arrival,
    customer: Customer,
    response: Response,
    data: Feedback,
    answered: Iterable[Answered],
    rules_at: RulesAt,
) -> None:
    """Open the cases of a response as it stands with this part: once a rule, whatever later parts say of the score.
    `data` is what its parts tell together."""
    opened = set(response.cases)
    _of_answers(ledger, arrival, customer, data, answered, rules_at, opened)
    response.cases = sorted(opened)


def _of_answers(
    ledger: Ledger,
    arrival: Arrival,
    customer: Customer,
    data: Feedback,
    answered: Iterable[Answered],
    rules_at: RulesAt,
    opened: set[str],
) -> None:
    """`opened` are the names of the rules that have opened a case of this feedback; new ones are added."""
    if not customers_own(data.perspective):
        return
    for answer, stamp, where in answered:
        rules = rules_at(stamp[0])
        scale = scale_of(answer.metric, answer.scale)
        for on in rules.cases.on_scores.get(answer.metric, ()):
            rule = on.rule
            if (
                on.compares(answer.score, on.value)
                and on.scale in (None, scale.scale_id)
                and concerns(rule, where.journey, where.touchpoint)
                and fresh(rule, arrival.received_at - stamp[0])
                and rule.name not in opened
            ):
                opened.add(rule.name)
                feedback = (arrival.response or arrival.identity).hex()
                treated = customer.persona, persona.treatment_of(customer, customer.persona, rules)
                case = _opened(rules, rule, arrival.event.customer or "", treated, feedback) | {
                    **_where(rules, where.journey, where.touchpoint),
                    "instance": where.instance,
                    "happened_at": stamp[0],
                    "metric": answer.metric,
                    "score": answer.score,
                    "scale_low": scale.low,
                    "scale_high": scale.high,
                    "comment": data.comment,
                    "source": stamp[1],
                    "event": stamp[2],
                }
                _tell(ledger, case, arrival.received_at)


def of_promise(
    ledger: Ledger, key: InstanceKey, touchpoint: str, missed: Promise, known_at: datetime, rules_at: RulesAt
) -> bool:
    """Open the cases of a promise whose due time passed unkept, which came out at `known_at`; whether there are any.
    One that was given to employees or partners is no customer's who needs help.

    Within an instance there is one promise; without one they are told apart by what opened them.
    """
    if not customers_own(missed.perspective):
        return False
    name, journey, number = key
    rules, before = rules_at(missed.due_at), len(ledger.told)
    for rule in rules.cases.on_promises:
        if concerns(rule, journey, touchpoint) and fresh(rule, known_at - missed.due_at):
            _, source, event = missed.opened
            cause = (journey, touchpoint, number) if number else (journey, touchpoint, "", source, event)
            treated = missed.persona or "", persona.treatment_of(ledger.customers[name], missed.persona or "", rules)
            case = _opened(rules, rule, name, treated, *cause) | {
                **_where(rules, journey, touchpoint),
                "instance": number or None,
                "happened_at": missed.due_at,
                "promise": rules.cases.promises.get((journey, touchpoint)),
                "due_at": missed.due_at,
                "source": source,
                "event": event,
            }
            _tell(ledger, case, known_at)
    return len(ledger.told) > before


def _opened(
    rules: Rules, rule: CaseRule, customer: str, treated: tuple[str, Treatment | None], *cause: str
) -> dict[str, Any]:
    """What every case says. Its id is the same however often its cause is read."""
    named = "\0".join((rule.name, customer, *cause)).encode()
    return {
        "case": blake2b(named, digest_size=16).hexdigest(),
        "rule": rule.name,
        "customer": customer,
        "persona": treated[0],
        "treatment": treated[1],
        "owner": rule.owner,
        "reply_within": rule.reply_within.seconds if rule.reply_within else None,
        "business": rule.reply_within.business if rule.reply_within else False,
        "programme": rules.version,
    }


def _where(rules: Rules, journey: str | None, touchpoint: str | None) -> dict[str, Any]:
    names = rules.cases
    return {
        "journey": journey,
        "journey_name": names.journey_names.get(journey or ""),
        "touchpoint": touchpoint,
        "touchpoint_name": names.touchpoint_names.get((journey or "", touchpoint or "")),
    }


def _tell(ledger: Ledger, case: dict[str, Any], at: datetime) -> None:
    """Opened when its cause came to be known, which may be a night after it happened: `reply_within` counts from it."""
    opened = CaseOpened(**case)
    ledger.told.append(Telling(opened, f"case {opened.case}", opened.customer, at))
