"""Where an event belongs: journey, touchpoint and instance, by the programme that holds at its time."""

from typing import Any, NamedTuple

from services.scoring.domain.rules import NOWHERE, Rules, Spot
from shared.events.event import Event
from shared.events.model import Feedback, Profile
from shared.events.unknown import unknown_field

# For survey governance (design §2.2): about asking, not about a step of the map.
RESERVED = frozenset({"survey-invited", "survey-reminded", "survey-declined"})


class Place(NamedTuple):
    """`journey` may be known without a touchpoint; without both the event is off the map."""

    journey: str | None
    major: int
    touchpoint: str | None
    instance: str | None
    spot: Spot


_NOWHERE = Place(None, 0, None, None, NOWHERE)


def place(event: Event, rules: Rules) -> Place:
    """Match `event` to the map."""
    data = event.data
    if data.__class__ is Profile:
        return _NOWHERE
    spot = rules.spot(event.type, data, event.raw)  # type: ignore[arg-type]
    instance = data.instance if spot.by == "instance" else _instance(event, spot.by)  # type: ignore[union-attr]
    return Place(spot.journey, spot.major, spot.touchpoint, instance, spot)


def off_the_map(event: Event, where: Place) -> bool:
    """Whether the map should have had a step for this event: a rising share says that the map is stale."""
    if where.touchpoint is not None:
        return False
    if type(event.data) is Feedback:
        return True
    action = getattr(event.data, "action", None)
    return event.type == "voc.interaction" and action not in RESERVED


def _instance(event: Event, by: str) -> str | None:
    found = field(event, by)
    return str(found)[:255] if isinstance(found, str | int) and found != "" else None


def field(event: Event, name: str) -> Any:
    """A field of the event's data by its name, also one that the contract does not know; None where there is none."""
    if hasattr(event.data, name):
        return getattr(event.data, name)
    return unknown_field(event.raw, name)
