"""State + events → changes. No clock, no I/O: the same batch on the same state gives the same ledger."""

from collections.abc import Sequence

from services.scoring.domain import answers, books, durations, features, instance, persona
from services.scoring.domain.arrival import Arrival, RulesAt
from services.scoring.domain.ledger import Ledger, TimelineRow
from services.scoring.domain.place import off_the_map
from services.scoring.domain.quarter import quarter_of
from services.scoring.domain.rules import NOBODY
from services.scoring.domain.state import Customer
from shared.events.model import Feedback, Interaction

VERSION = 1
"""Written into every timeline row: which fold has read it. Raise it when the same event would be folded differently."""

OFF_MAP = "off_map"


def fold(ledger: Ledger, arrivals: Sequence[Arrival], rules_at: RulesAt) -> None:
    """Fold new events (no duplicates among them) into a ledger that holds the state they touch."""
    for arrival in arrivals:
        customer = _known(ledger, arrival)
        if arrival.place.touchpoint is None and off_the_map(arrival.event, arrival.place):
            _count_off_map(ledger, arrival, customer)
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


def _count_off_map(ledger: Ledger, arrival: Arrival, customer: Customer | None) -> None:
    where, data = arrival.place, arrival.event.data
    perspective = getattr(data, "perspective", None) or "customer"
    channel = getattr(data, "channel", None) or ""
    who = customer.persona if customer else NOBODY
    series = (where.journey or "", where.major, "", perspective, OFF_MAP, "", who, channel)
    ledger.count((series, quarter_of(arrival.stamp[0]), 1), 1)


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
