"""Reads opening hours: `{mon-fri: "08:00-18:00", sat: "10:00-12:00, 13:00-16:00"}`."""

import re
from collections.abc import Iterator

from shared.programme.model import Opening
from shared.programme.reading import Spot, Wrong

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 1440
HOURS = 'hours such as "08:00-18:00" or "08:00-12:00, 13:00-17:00", until "24:00" at the latest'
WEEKDAYS = f"weekdays such as mon, mon-fri or sat,sun ({', '.join(DAYS)})"

_range = re.compile(r"(\d\d):([0-5]\d)\s*-\s*(\d\d):([0-5]\d)", re.ASCII)


def hours(spot: Spot) -> tuple[Opening, ...]:
    """Openings in the order of the week. Those that pass midnight become two. Overlapping ones are a fault."""
    found: list[Opening] = []
    for key, value in spot.entries():
        days = key.read(lambda key: tuple(_days(key)), ())
        ranges = value.read(lambda value: tuple(_ranges(value)), ())
        added = [opening for day in days for opens, closes in ranges for opening in _openings(day, opens, closes)]
        if any(_overlap(one, other) for one in added for other in found):
            value.fault("hours that do not overlap with others of the same day")
        found += added
    return tuple(sorted(found, key=lambda opening: (opening.weekday, opening.opens)))


def _days(spot: Spot) -> Iterator[int]:
    for part in spot.raw.lower().split(","):
        first, _, last = part.strip().partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise Wrong(WEEKDAYS)
        start, end = DAYS.index(first), DAYS.index(last or first)
        yield from ((start + step) % 7 for step in range((end - start) % 7 + 1))


def _ranges(spot: Spot) -> Iterator[tuple[int, int]]:
    for part in spot.raw.split(","):
        found = _range.fullmatch(part.strip())
        if found is None:
            raise Wrong(HOURS)
        opens, closes = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        if opens >= MIDNIGHT or closes > MIDNIGHT or opens == closes:
            raise Wrong(HOURS)
        yield opens, closes


def _openings(day: int, opens: int, closes: int) -> Iterator[Opening]:
    if opens < closes:
        yield Opening(weekday=day, opens=opens, closes=closes)
        return
    yield Opening(weekday=day, opens=opens, closes=MIDNIGHT)
    if closes:
        yield Opening(weekday=(day + 1) % 7, opens=0, closes=closes)


def _overlap(one: Opening, other: Opening) -> bool:
    return one.weekday == other.weekday and one.opens < other.closes and other.opens < one.closes
