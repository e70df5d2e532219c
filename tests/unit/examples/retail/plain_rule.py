"""Rule S1 of one share, as plainly as it can be written: what the demo's moment will be, tick by tick."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import sqrt
from typing import NamedTuple

from shared.programme.model import Measure

_ONE_SIDED, _SHORT = 1.6448536269514722, 1.959963984540054
_ORDER = ("green", "yellow", "red")


class Fact(NamedTuple):
    """One answer or promise: since when it is known, in which quarter-hour it counts, and whether it is a good one."""

    known_at: datetime
    counts_at: datetime
    good: bool


class PlainRule:
    """One measure. `status` and `share`, that of the long window, after each `tick`."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        assert measure.red_below is not None
        assert measure.yellow_below is not None
        self._red, self._yellow = measure.red_below / 100, measure.yellow_below / 100
        self._margin = (2 if measure.margin is None else measure.margin) / 100
        self._streak: list[bool] = []
        self.status, self.share = "unknown", 0.0

    def tick(self, facts: Iterable[Fact], at: datetime) -> None:
        known = [fact for fact in facts if fact.known_at <= at]
        long, short = (_window(known, at, seconds) for seconds in (self._measure.window, self._measure.short))
        if len(long) < self._measure.at_least:
            self._streak = []
            return
        self.share = share = sum(long) / len(long)
        upper = _bound(long, _ONE_SIDED)
        if len(short) >= 20:
            upper = min(upper, _bound(short, _SHORT))
        if self.status == "unknown":
            red = share < self._red and upper < self._red
            self.status = "red" if red else "green" if share >= self._yellow else "yellow"
            return
        self._move(self._target(share, _bound(long, -_ONE_SIDED), upper))

    def _target(self, share: float, lower: float, upper: float) -> str | None:
        if self.status != "red" and upper < self._red:
            return "red"
        if self.status == "green" and upper < self._yellow:
            return "yellow"
        well = share >= self._yellow + self._margin and lower >= self._red and upper >= self._yellow
        if self.status == "yellow" and well:
            return "green"
        if self.status == "red" and share >= self._red + self._margin and upper >= self._red:
            return "yellow"
        return None

    def _move(self, target: str | None) -> None:
        if target is None:
            self._streak = []
            return
        worse = _ORDER.index(target) > _ORDER.index(self.status)
        self._streak = [*(self._streak if worse in self._streak else []), worse]
        dwell = self._measure.dwell
        if len(self._streak) == (dwell.worse if worse else dwell.better):
            self.status, self._streak = target, []


def _window(facts: Sequence[Fact], at: datetime, seconds: int | None) -> list[bool]:
    assert seconds is not None
    begin = at - timedelta(seconds=seconds)
    begin = begin.replace(minute=begin.minute // 15 * 15, second=0, microsecond=0)
    return [fact.good for fact in facts if begin <= fact.counts_at <= at]


def _bound(values: Sequence[bool], z: float) -> float:
    """Wilson's: the upper one, or for a negative z the lower one."""
    n, share = len(values), sum(values) / len(values)
    return (share + z * z / (2 * n) + z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))) / (1 + z * z / n)
