"""Readers of single values. Each returns the value or raises Wrong with what was expected."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from shared.programme import durations
from shared.programme.faults import nearest, one_of
from shared.programme.model import Allowance, Delay, Scalar
from shared.programme.reading import Spot, Wrong

T = TypeVar("T")

INFINITE = float("inf")

_id = re.compile(r"\w[\w.-]{0,99}")


def text(spot: Spot) -> str:
    """Characters, at least one that is not a blank; what YAML reads as a number or a date wants quotes."""
    if spot.tag != "str":
        raise Wrong("a text" + (" (put it in quotes)" if spot.raw and spot.tag != "null" else ""))
    if not spot.raw.strip() or "\0" in spot.raw:
        raise Wrong("a text that is not empty and holds no U+0000")
    return spot.raw


def identifier(spot: Spot) -> str:
    """A name that others refer to: it becomes part of keys and addresses."""
    if _id.fullmatch(text(spot)) is None:
        raise Wrong("a name of letters, digits, '-', '_' and '.', at most 100 of them")
    return spot.raw


def choice(known: Iterable[str]) -> Callable[[Spot], str]:
    """One of a few words."""
    names = list(known)

    def read(spot: Spot) -> str:
        if text(spot) not in names:
            raise Wrong(one_of(names, spot.raw))
        return spot.raw

    return read


def boolean(spot: Spot) -> bool:
    """true or false."""
    if spot.tag != "bool":
        raise Wrong("true or false")
    return spot.raw.lower() == "true"


def number(lowest: float = -INFINITE, highest: float = INFINITE) -> Callable[[Spot], float]:
    """A number in a range, its ends included."""
    words = {
        (True, True): f"a number from {lowest:g} to {highest:g}",
        (True, False): f"a number of at least {lowest:g}",
    }.get((lowest > -INFINITE, highest < INFINITE), "a number")

    def read(spot: Spot) -> float:
        value = _number(spot, words)
        if not lowest <= value <= highest:
            raise Wrong(words)
        return float(value)

    return read


def positive(spot: Spot) -> float:
    """A number above 0."""
    value = _number(spot, words := "a number above 0")
    if value <= 0:
        raise Wrong(words)
    return float(value)


def whole(lowest: int) -> Callable[[Spot], int]:
    """A whole number of at least `lowest`."""

    def read(spot: Spot) -> int:
        value = _number(spot, words := f"a whole number of at least {lowest}")
        if not isinstance(value, int) or not lowest <= value <= 1_000_000_000:
            raise Wrong(words)
        return value

    return read


def scalar(spot: Spot) -> Scalar:
    """A text, a number, true or false."""
    if spot.tag == "bool":
        return boolean(spot)
    return _number(spot, "a number") if spot.tag in ("int", "float") else text(spot)


def day(spot: Spot) -> date:
    """A date."""
    try:
        return date.fromisoformat(spot.raw)
    except ValueError:
        raise Wrong("a date such as 2026-12-25") from None


def zone(spot: Spot) -> str:
    """An IANA time zone."""
    try:
        return ZoneInfo(text(spot)).key
    except (ValueError, OSError, KeyError):  # an unknown name, a folder's name, a path
        raise Wrong(f"an IANA time zone such as Europe/Berlin{nearest(spot.raw, available_timezones())}") from None


def duration(shortest: int = 0) -> Callable[[Spot], int]:
    """Seconds of a duration that is not shorter than `shortest`."""

    def read(spot: Spot) -> int:
        found = _written(spot, durations.seconds)
        if found < shortest:
            raise Wrong(f"at least {durations.written(shortest)}")
        return found

    return read


def delay(spot: Spot) -> Delay:
    """A delay, in business time where it says so."""
    return _written(spot, durations.delay)


def allowance(spot: Spot) -> Allowance:
    """So many in a duration."""
    return _written(spot, durations.allowance)


def listed(reader: Callable[[Spot], T]) -> Callable[[Spot], tuple[T, ...]]:
    """A list of what `reader` reads; faulty items are noted and left out."""

    def read(spot: Spot) -> tuple[T, ...]:
        found = [item.read(lambda item: (reader(item),), ()) for item in spot.items()]
        return tuple(value for values in found for value in values)

    return read


def filled(reader: Callable[[Spot], T]) -> Callable[[Spot], tuple[T, ...]]:
    """A list with at least one item."""

    def read(spot: Spot) -> tuple[T, ...]:
        if spot.tag == "seq" and not spot.items():
            raise Wrong("at least one", "an empty list")
        return listed(reader)(spot)

    return read


def mapped(key_reader: Callable[[Spot], str], reader: Callable[[Spot], T]) -> Callable[[Spot], dict[str, T]]:
    """A mapping of names to what `reader` reads; faulty entries are noted and left out."""

    def read(spot: Spot) -> dict[str, T]:
        found: dict[str, T] = {}
        for key, value in spot.entries():
            name = key.read(key_reader, "")
            for good in value.read(lambda value: (reader(value),), ()):
                found[name] = good
        return found

    return read


def scale(spot: Spot) -> tuple[float, float]:
    """The two ends of a scale, the lower first."""
    ends = listed(number())(spot)
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise Wrong("a scale such as [1, 5]")
    return ends[0], ends[1]


def _number(spot: Spot, expected: str) -> int | float:
    if spot.tag not in ("int", "float"):
        raise Wrong(expected)
    try:
        value = int(spot.raw.replace("_", ""), 0) if spot.tag == "int" else float(spot.raw.replace("_", ""))
    except ValueError:  # .inf, .nan, 0123
        raise Wrong(f"{expected} in plain digits") from None
    if value - value != 0:
        raise Wrong(f"{expected} in plain digits")
    return value


def _written(spot: Spot, parse: Callable[[str], T]) -> T:
    try:
        return parse(spot.raw)
    except ValueError as error:
        raise Wrong(str(error)) from None
