"""What the map should have had a step for and has none: a rising share says that the map is stale."""

from collections.abc import Iterable

from services.scoring.domain.arrival import Arrival, RulesAt
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.place import Place, place
from services.scoring.domain.rules import NOBODY
from services.scoring.domain.state import Cell, Customer, Response
from shared.events.event import Event, Stamp
from shared.events.model import Feedback, Interaction
from shared.metrics.span import quarter_of

OFF_MAP = "off_map"

# For survey governance (design §2.2): about asking, not about a step of the map.
RESERVED = frozenset({"survey-invited", "survey-reminded", "survey-declined"})


def concerns(arrival: Arrival) -> bool:
    """Whether an event without a touchpoint counts as off the map by itself. Parts of a response do so together."""
    data = arrival.event.data
    if type(data) is Feedback:
        return arrival.response is None
    return type(data) is Interaction and data.action not in RESERVED


def how_many(arrivals: Iterable[Arrival]) -> int:
    """Of these, those that count so by themselves."""
    return sum(arrival.place.touchpoint is None and concerns(arrival) for arrival in arrivals)


def count(ledger: Ledger, arrival: Arrival, customer: Customer | None) -> None:
    """Count an event that is off the map."""
    persona = customer.persona if customer else NOBODY
    ledger.count(_cell(arrival.event, arrival.place, arrival.stamp, persona), 1)


def recount(ledger: Ledger, response: Response, customer: Customer | None, merged: Event, rules_at: RulesAt) -> None:
    """Count a response once, at its earliest part, while all its parts together name no step; else take it back."""
    assert response.first is not None
    former, where = response.off_map, place(merged, rules_at(response.first[0]))
    persona = former[0][6] if former else customer.persona if customer else NOBODY
    response.off_map = None if where.touchpoint is not None else _cell(merged, where, response.first, persona)
    if former != response.off_map:
        for cell, times in ((former, -1), (response.off_map, 1)):
            if cell is not None:
                ledger.count(cell, times)


def _cell(event: Event, where: Place, stamp: Stamp, persona: str) -> Cell:
    perspective = getattr(event.data, "perspective", None) or "customer"
    channel = getattr(event.data, "channel", None) or ""
    series = (where.journey or "", where.major, "", perspective, OFF_MAP, "", persona, channel)
    return series, quarter_of(stamp[0]), 1
