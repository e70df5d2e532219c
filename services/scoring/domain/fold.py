"""State + events → changes. No clock, no I/O: the same batch on the same state gives the same ledger."""

from collections.abc import Sequence

from services.scoring.domain import answers, books, durations, features, instance, off_map, persona
from services.scoring.domain.arrival import Arrival, RulesAt
from services.scoring.domain.ledger import Ledger, TimelineRow
from services.scoring.domain.rules import NOBODY
from services.scoring.domain.state import Customer
from shared.events.model import Feedback, Interaction

VERSION = 6
"""Written into every timeline row: which fold has read it. Raise it when the same event would be folded differently."""


def fold(ledger: Ledger, arrivals: Sequence[Arrival], rules_at: RulesAt) -> None:
    """Fold new events (no duplicates among them) into a ledger that holds the state they touch.

    The persona is decided by all that the event tells, promises that it decides included; then the event is counted.
    """
    for arrival in arrivals:
        customer = _known(ledger, arrival)
        merged = _learned(ledger, arrival, customer, rules_at)
        if customer is not None:
            if arrival.place.spot.opens or arrival.place.spot.keeps:
                books.note(ledger, arrival, customer, rules_at)
            assert arrival.event.customer is not None
            persona.follow(ledger, arrival, customer, rules_at)
            instance.move(ledger, arrival)
        if arrival.place.touchpoint is None and off_map.concerns(arrival):
            off_map.count(ledger, arrival, customer)
        kind = arrival.event.data.__class__
        if merged is not None:
            answers.count_part(ledger, arrival, customer, merged, rules_at)
        elif kind is Feedback:
            answers.count_whole(ledger, arrival, customer)
        elif kind is Interaction and arrival.place.touchpoint is not None:
            durations.count(ledger, arrival, customer.persona if customer else NOBODY)
        ledger.timeline.append(_row(arrival))
    books.settle_all(ledger, rules_at)
    if ledger.reviewed:
        _look_behind(ledger)


def _look_behind(ledger: Ledger) -> None:
    """Whom events of before leave where the version of their time decides, `review` takes on when they are over: it may
    have been past them by then."""
    reviewed = ledger.reviewed
    ledger.left_behind = [name for name, one in ledger.customers.items() if one.decided.programme < reviewed]


def _known(ledger: Ledger, arrival: Arrival) -> Customer | None:
    """The event's customer, who learns from it, its answers excepted."""
    name = arrival.event.customer
    if name is None:
        return None
    customer = ledger.customers.get(name)
    if customer is None:
        first = features.first_seen(arrival.stamp[0], arrival.rules.default_persona)
        customer = ledger.customers[name] = first
    features.learn(customer, arrival.event, arrival.stamp)
    return customer


def _learned(ledger: Ledger, arrival: Arrival, customer: Customer | None, rules_at: RulesAt) -> answers.Merged | None:
    """What feedback says of the customer; with it, if it is a part, the response that it is a part of."""
    if arrival.response is not None:
        return answers.learn_part(ledger, arrival, customer, rules_at)
    if customer is not None and arrival.event.data.__class__ is Feedback:
        answers.learn_whole(arrival, customer)
    return None


def _row(arrival: Arrival) -> TimelineRow:
    event, where = arrival.event, arrival.place
    return (
        event.customer,
        arrival.stamp[0],
        arrival.received_at,
        arrival.identity,
        event.id,
        event.source,
        event.type,
        where.journey,
        where.touchpoint,
        where.instance,
        arrival.rules.version,
        VERSION,
        event.raw,
    )
