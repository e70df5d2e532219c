"""Where an event belongs: journey, touchpoint and instance, by the programme that holds at its time."""

from typing import Any, NamedTuple

from services.scoring.domain.rules import NOWHERE, PromiseRule, Rules, Spot
from shared.events.event import Event
from shared.events.model import Profile
from shared.programme.match import field


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
    instance = data.instance if spot.by == "instance" else _number(event, spot.by)  # type: ignore[union-attr]
    return Place(spot.journey, spot.major, spot.touchpoint, instance, spot)


def number_for(event: Event, where: Place, rule: PromiseRule) -> str:
    """The instance that a promise of `rule` stands in, empty where there is none: that of the promise's own journey,
    which may tell its instances apart by another field than the journey that the event matches."""
    return (where.instance if rule.by == where.spot.by else _number(event, rule.by)) or ""


def field_of(event: Event, name: str) -> Any:
    """A field of the event's data as programmes name it: a dot goes into objects, and the contract may not know it."""
    if name in event.data.__struct_fields__:
        return getattr(event.data, name)
    return field(event.data, tuple(name.split(".")), event.raw)


def _number(event: Event, by: str) -> str | None:
    if by == "instance":
        return event.data.instance  # type: ignore[union-attr]
    found = field_of(event, by)
    return str(found)[:255] if isinstance(found, str | int) and found != "" else None
