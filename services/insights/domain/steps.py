"""Cuts a span at the hours, days, ISO weeks or months of a time zone; days of 23 and 25 hours come out right."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.metrics.span import Span, beginning_of, quarter_of

MOST = 10_000
"""Steps in an answer: more than a year of hours, 27 years of days."""


class TooManySteps(ValueError):
    """The span has more than `MOST` steps."""


def cut(span: Span, step: str, zone: ZoneInfo) -> list[int]:
    """The quarter-hours at which the steps begin, and the one at which the last ends; rising.

    The first and the last step are as long as the span lets them. `step` is one of `STEPS`. Raises TooManySteps.
    """
    following = STEPS[step]
    edges = [span.first]
    at = following(beginning_of(span.first).astimezone(zone))
    while (quarter := quarter_of(at)) < span.until:
        if quarter > edges[-1]:  # an edge between two quarters, as zones had them long ago, moves back to the former
            edges.append(quarter)
        if len(edges) > MOST:
            raise TooManySteps(f"expected at most {MOST} steps of {step}; ask for longer steps or a shorter span")
        at = following(at)
    return [*edges, span.until]


def _next_hour(at: datetime) -> datetime:
    """Absolute time from here to the next full hour on the wall, so that no hour is lost or doubled."""
    past = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
    zone = at.tzinfo
    return (at.astimezone(_UTC) + timedelta(hours=1) - past).astimezone(zone)


def _next_day(at: datetime) -> datetime:
    return _midnight(at, days=1)


def _next_week(at: datetime) -> datetime:
    return _midnight(at, days=8 - at.isoweekday())


def _next_month(at: datetime) -> datetime:
    return _midnight(at.replace(day=1), days=32).replace(day=1)


def _midnight(at: datetime, *, days: int) -> datetime:
    return datetime.combine(at.date() + timedelta(days=days), time(), at.tzinfo)


_UTC = ZoneInfo("UTC")

STEPS: dict[str, Callable[[datetime], datetime]] = {
    "1h": _next_hour,
    "1d": _next_day,
    "1w": _next_week,
    "1mo": _next_month,
}
"""What may be asked: from a local instant to the beginning of the next step."""
