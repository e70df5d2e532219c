"""Finds a journey and a touchpoint on the maps of the programme, or says which there are."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from shared.programme.history import History
from shared.programme.model import Journey, Programme, Touchpoint

NO_MAJOR = 0
"""No series has it: the journey was on no map at that time."""


class Missing(LookupError):
    """What is asked for is on no map; the sentence names what is."""


class Place(NamedTuple):
    """A touchpoint, the major of its journey's map at the time in question, and whose journey it is."""

    touchpoint: Touchpoint
    major: int
    perspective: str


def programme_at(history: History, at: datetime) -> Programme:
    """The programme in force; an empty one while nothing was applied."""
    return history.at(at).programme if history.versions else _NONE


def journey_of(programme: Programme, name: str) -> Journey:
    """Raises Missing."""
    found = programme.journey(name)
    if found is None:
        raise Missing(f"There is no journey {name!r:.120}; {_known(j.journey for j in programme.journeys)}")
    return found


def place(history: History, journey: str, touchpoint: str, *, at: datetime, now: datetime) -> Place:
    """A touchpoint on the map that holds at `at`, or on the present one. Raises Missing."""
    then, present = (programme_at(history, instant) for instant in (min(at, now), now))
    before = then.journey(journey)
    known = before or journey_of(present, journey)
    for one in (known, present.journey(journey)):
        for found in one.touchpoints if one else ():
            if found.touchpoint == touchpoint:
                return Place(found, before.major if before else NO_MAJOR, known.perspective)
    names = _known(t.touchpoint for t in known.touchpoints)
    raise Missing(f"{journey} has no touchpoint {touchpoint!r:.120}; {names}")


def _known(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"there are {listed}." if listed else "there is no programme yet: apply one with `voc programme apply DIR`."


_NONE = Programme(name="", timezone="UTC")
