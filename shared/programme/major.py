"""When series must not run on: the map's major version (domain §2.14).

A major rises when a touchpoint's name begins to mean something else, or the set of moments of truth changed. A step
that is only added is a minor change, and thresholds, owners and texts change no meaning at all.
"""

from collections.abc import Iterable

import msgspec

from shared.programme.model import Journey, Programme, Touchpoint

Meaning = dict[str, tuple[object, ...]]


def with_majors(programme: Programme, before: Iterable[Programme]) -> Programme:
    """`programme` with the major of each journey, by comparison with the versions `before` it, oldest first."""
    last: dict[str, Journey] = {}
    for earlier in before:
        last |= {journey.journey: journey for journey in earlier.journeys}
    journeys = tuple(
        msgspec.structs.replace(journey, major=_major(journey, last.get(journey.journey)))
        for journey in programme.journeys
    )
    return msgspec.structs.replace(programme, journeys=journeys)


def _major(journey: Journey, before: Journey | None) -> int:
    if before is None:
        return 1
    return before.major + _breaks(_meaning(before), _meaning(journey))


def _breaks(before: Meaning, after: Meaning) -> bool:
    added = [meaning for name, meaning in after.items() if name not in before]
    return any(after.get(name) != meaning for name, meaning in before.items()) or any(moment for *_, moment in added)


def _meaning(journey: Journey) -> Meaning:
    return {touchpoint.touchpoint: _of(touchpoint) for touchpoint in journey.touchpoints}


def _of(touchpoint: Touchpoint) -> tuple[object, ...]:
    promise = touchpoint.promise
    counted = None if promise is None else (promise.opened_by, promise.due, promise.kept_by)
    return (frozenset(touchpoint.match or ()), counted, touchpoint.moment_of_truth is not None)
