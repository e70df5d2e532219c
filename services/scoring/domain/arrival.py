"""An event on its way into the fold: read, named and placed, before anything was loaded."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from services.scoring.domain.place import Place, place
from services.scoring.domain.response import response_key
from services.scoring.domain.rules import Rules
from shared.events.event import Event, Stamp, identity

RulesAt = Callable[[datetime], Rules]


class Arrival(NamedTuple):
    """`stamp` is (time, source, id); `response` names the survey response the event is part of, if it is."""

    event: Event
    identity: bytes
    stamp: Stamp
    received_at: datetime
    rules: Rules
    place: Place
    response: bytes | None


def arrive(event: Event, received_at: datetime, rules_at: RulesAt) -> Arrival:
    """Place an event by the programme of its time. An event without a time has the time it was received."""
    at = event.time or received_at
    rules = rules_at(at)
    return Arrival(
        event,
        identity(event.source, event.id),
        (at, event.source, event.id),
        received_at,
        rules,
        place(event, rules),
        response_key(event),
    )
