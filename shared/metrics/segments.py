"""A window in parts that are quick to add up: whole days where they are summed, quarter-hours at its ends."""

from typing import NamedTuple

from shared.metrics.span import Span

QUARTERS = 96  # in a day


class Segment(NamedTuple):
    """`first` belongs to it, `until` does not: days since 1970-01-01 UTC if `by_day`, else quarter-hours."""

    first: int
    until: int
    by_day: bool


def segments(span: Span, summed: Span) -> list[Segment]:
    """The parts of `span`, in order; `summed` are the days that are added up already."""
    first = max(-(-span.first // QUARTERS), summed.first)
    until = min(span.until // QUARTERS, summed.until)
    if first >= until:
        return [Segment(span.first, span.until, by_day=False)]
    parts = [
        Segment(span.first, first * QUARTERS, by_day=False),
        Segment(first, until, by_day=True),
        Segment(until * QUARTERS, span.until, by_day=False),
    ]
    return [part for part in parts if part.first < part.until]
