"""State + events → changes. No clock, no I/O: the same batch on the same state gives the same ledger."""

from collections.abc import Sequence

from services.scoring.domain import answers, books, durations, features, instance, off_map, persona
from services.scoring.domain.arrival import Arrival, RulesAt
from services.scoring.domain.ledger import Ledger, TimelineRow
from services.scoring.domain.rules import NOBODY
from services.scoring.domain.state import Customer
from shared.events.model import Feedback, Interaction

VERSION = 1
"""Written into every timeline row: which fold has read it. Raise it when the same event would be folded differently."""


def fold(ledger: Ledger, arrivals: Sequence[Arrival], rules_at: RulesAt) -> None:
    """Fold new events (no duplicates among them) into a ledger that holds the state they touch."""
    for arrival in arrivals:
        customer = _known(ledger, arrival)
        if arrival.place.touchpoint is None and off_map.concerns(arrival):
            off_map.count(ledger, arrival, customer)
        kind = arrival.event.data.__class__
        if kind is Feedback:
            if arrival.response is not None:
                answers.count_part(ledger, arrival, customer, rules_at)
            else:
                answers.count_whole(ledger, arrival, customer)
        elif kind is Interaction and arrival.place.touchpoint is not None:
            durations.count(ledger, arrival, customer.persona if customer else NOBODY)
        if customer is not None:
            instance.move(ledger, arrival)
            if arrival.place.spot.opens or arrival.place.spot.keeps:
                books.note(ledger, arrival, customer)
        ledger.timeline.append(_row(arrival))
    books.settle_all(ledger)


def _known(ledger: Ledger, arrival: Arrival) -> Customer | None:
    """The event's customer, who learns from it and may change persona by it."""
    name = arrival.event.customer
    if name is None:
        return None
    at = arrival.stamp[0]
    customer = ledger.customers.get(name)
    if customer is None:
        customer = ledger.customers[name] = features.first_seen(at, arrival.rules.default_persona)
    features.learn(customer, arrival.event, arrival.stamp)
    persona.decide(customer, arrival.rules, at)
    return customer


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
