"""How often each value was given: what every figure is computed from (domain.md §2.1 R3, §2.20)."""

from collections.abc import Iterable, Mapping

import msgspec

Counts = Mapping[int, int]
"""{value: how often}. Corrections subtract, so a count may be 0, and in a part of the whole below."""


class Sums(msgspec.Struct, frozen=True):
    """n, Σx and Σx² of the values given, exact."""

    n: int
    total: int
    squares: int


def merge(parts: Iterable[Counts]) -> dict[int, int]:
    """The sum of the parts, value by value; what cancels out is left out, what is below zero stays to be merged on."""
    merged: dict[int, int] = {}
    for part in parts:
        for value, n in part.items():
            merged[value] = merged.get(value, 0) + n
    return {value: n for value, n in merged.items() if n}


def given(counts: Counts) -> dict[int, int]:
    """The values that were given at least once: a count of zero or below says that nobody gave it."""
    return {value: n for value, n in counts.items() if n > 0}


def times_within(counts: Counts, values: range) -> int:
    """How often any of `values` was given."""
    return sum(n for value, n in counts.items() if n > 0 and value in values)


def sums(counts: Counts) -> Sums:
    """The sums of the values that were given."""
    present = given(counts).items()
    return Sums(
        sum(n for _, n in present),
        sum(value * n for value, n in present),
        sum(value * value * n for value, n in present),
    )
