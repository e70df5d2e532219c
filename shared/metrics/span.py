"""Spans of time in whole quarter-hours, the cells in which everything is counted (domain.md R2, R6)."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


class Span(NamedTuple):
    """Quarter-hours since 1970-01-01 UTC: `first` belongs to the span, `until` does not."""

    first: int
    until: int


def quarter_of(at: datetime) -> int:
    """The quarter-hour in which an instant falls."""
    return (at - EPOCH) // QUARTER


def beginning_of(quarter: int) -> datetime:
    """When a quarter-hour begins, in UTC."""
    return EPOCH + quarter * QUARTER


def span_of(from_at: datetime, to_at: datetime) -> Span:
    """The smallest span that holds `[from_at, to_at)`: what lies in it is never missed, at most a quarter is added."""
    return Span(quarter_of(from_at), -((EPOCH - to_at) // QUARTER))


def window(as_of: datetime, seconds: int) -> Span:
    """`[as_of − W, as_of)`: it ends now and begins at a whole cell, so it is never shorter than W."""
    return span_of(as_of - timedelta(seconds=seconds), as_of)
