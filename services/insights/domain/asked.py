"""What an address asks for, read from its parameters: a window that ends at a moment, or steps of a span."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.insights.domain.instant import instant, zone
from services.insights.domain.steps import STEPS, TooManySteps, cut
from shared.metrics.headline import UnknownStat, percent_of
from shared.metrics.known import metric_named
from shared.metrics.scales import ScaleError, scale_of
from shared.metrics.span import Span, span_of
from shared.metrics.span import window as window_of
from shared.programme.durations import SECONDS, seconds

USUAL_WINDOW = "28d"
USUAL_STEP = "1d"
USUAL_STAT = "p50"
SHORTEST_WINDOW = 15 * SECONDS["m"]


class Unreadable(ValueError):
    """A parameter that is not what it should be, and the sentence that says what it should be."""

    def __init__(self, parameter: str, expected: str) -> None:
        super().__init__(f"{parameter}: {expected}")
        self.parameter = parameter
        self.expected = expected


class Window(NamedTuple):
    """`seconds` long, up to `as_of`."""

    as_of: datetime
    seconds: int
    span: Span


class Steps(NamedTuple):
    """Quarter-hours at which the steps begin and the one at which the last ends; the last moment within them."""

    last_at: datetime
    edges: list[int]


def window(length: str | None, as_of: str | None, tz: str, *, now: datetime) -> Window:
    """One window; without a word 28 days up to now. Raises Unreadable."""
    meant = _zone(tz)
    at = now if as_of is None else _instant("as_of", as_of, meant)
    total = _seconds(length or USUAL_WINDOW)
    return Window(at, total, window_of(at, total))


def steps(from_: str | None, to: str | None, step: str | None, tz: str, *, now: datetime) -> Steps:
    """A span in steps; without a word days up to now. Raises Unreadable."""
    if from_ is None:
        raise Unreadable("from", "expected where the series begins, a date or an instant")
    if step is not None and step not in STEPS:
        raise Unreadable("step", f"expected one of {', '.join(STEPS)}")
    meant = _zone(tz)
    from_at, to_at = _instant("from", from_, meant), now if to is None else _instant("to", to, meant)
    if from_at >= to_at:
        raise Unreadable("to" if to is not None else "from", "expected a span that begins before it ends")
    try:
        return Steps(to_at - timedelta(microseconds=1), cut(span_of(from_at, to_at), step or USUAL_STEP, meant))
    except TooManySteps as error:
        raise Unreadable("step", str(error)) from None


def stat(metric: str, asked: str | None) -> str | None:
    """The stat of a duration, the median without a word; None for all else. Raises Unreadable."""
    try:
        percent_of(metric, asked)
    except UnknownStat as error:
        raise Unreadable("stat", str(error)) from None
    return asked or (USUAL_STAT if metric_named(metric).kind == "duration" else None)


def scale_id(metric: str, asked: str | None) -> str | None:
    """The scale with these ends, written `1,5` or `[1, 5]`; None without a word. Raises Unreadable."""
    if asked is None:
        return None
    if metric_named(metric).kind != "answer":
        raise Unreadable("scale", f"expected none: {metric} is not answered on a scale of its own")
    found = _ends.fullmatch(asked.strip())
    if found is None:
        raise Unreadable("scale", "expected the two ends of a scale, such as 1,5")
    try:
        return scale_of(metric, (_number(found[1]), _number(found[2]))).scale_id
    except ScaleError as error:
        raise Unreadable("scale", str(error)) from None


_ends = re.compile(r"\[?\s*(-?\d{1,9}(?:\.\d{1,9})?)\s*,\s*(-?\d{1,9}(?:\.\d{1,9})?)\s*\]?", re.ASCII)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _seconds(text: str) -> int:
    try:
        found = seconds(text)
    except ValueError as error:
        raise Unreadable("window", f"expected {error}") from None
    if found < SHORTEST_WINDOW:
        raise Unreadable("window", "expected at least 15m")
    return found


def _zone(tz: str) -> ZoneInfo:
    try:
        return zone(tz)
    except ValueError as error:
        raise Unreadable("tz", str(error)) from None


def _instant(parameter: str, text: str, meant: ZoneInfo) -> datetime:
    try:
        return instant(text, meant)
    except ValueError as error:
        raise Unreadable(parameter, str(error)) from None
