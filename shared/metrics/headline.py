"""The one figure of a metric that is shown and decided by, with its interval (domain.md §§2.2–2.5, 2.16, 2.18)."""

import re

import msgspec

from shared.metrics.confidence import TWO_SIDED_95
from shared.metrics.counts import Counts, given, sums, times_within
from shared.metrics.known import metric_named
from shared.metrics.mean import mean, t_interval
from shared.metrics.net import adjusted_wald, net
from shared.metrics.proportion import wilson
from shared.metrics.scales import Scale, limits_in_hundredths, scale_named
from shared.metrics.sketch import in_order, quantile, quantile_limits
from shared.metrics.three_e import index_of, limits

STATS: dict[str, int] = {"p50": 50, "p75": 75, "p90": 90, "p95": 95, "p99": 99}
"""The percentiles usually asked of a duration; without a word the median."""

KEPT = 1
MISSED = 0

_percentile_named = re.compile(r"p([1-9]\d?)", re.ASCII)


class UnknownStat(ValueError):
    """The metric has no such figure; the sentence lists those that it has."""


class Estimate(msgspec.Struct, frozen=True):
    """A figure in the metric's unit: percent or index 0–100, points −100…100, seconds, or points of a custom scale.

    `low` and `high` are its interval in the same unit, None where that side is unbounded (a percentile of few
    durations) or not to be known (the mean of one answer). `n` is how many were counted, never 0.
    """

    value: float
    low: float | None
    high: float | None
    n: int


def headline(
    metric: str, scale_id: str, counts: Counts, stat: str | None = None, *, level: float = TWO_SIDED_95
) -> Estimate | None:
    """The figure of what was counted; None where nothing was: no answers are no value, never 0.

    `scale_id` is that of the series; what is no answer has one scale and ignores it. `stat` is p1 … p99 for durations
    (None: the median) and None for all else. `level` is that of each limit: two-sided 95 % unless given.
    Counts of zero or below are no answers. Raises UnknownScale, UnknownStat.
    """
    percent = percent_of(metric, stat)
    kind = metric_named(metric).kind
    scale = scale_named(metric, scale_id) if kind == "answer" else None
    present = given(counts)
    if not present:
        return None
    if percent is not None:
        return _percentile(present, percent, level)
    if kind == "index":
        return _index(present, level)
    if scale is None:
        return _share(present, range(KEPT, KEPT + 1), level)
    return _of_answers(present, scale, level)


def percent_of(metric: str, stat: str | None) -> int | None:
    """The percentile that `stat` means for a duration; None for all other metrics. Raises UnknownStat."""
    if metric_named(metric).kind != "duration":
        if stat is not None:
            raise UnknownStat(f"{metric} has one figure and no stat, found {stat!r:.40}")
        return None
    found = _percentile_named.fullmatch("p50" if stat is None else stat)
    if found is None:
        raise UnknownStat(f"expected the stat of {metric} to be a percentile from p1 to p99, found {stat!r:.40}")
    return int(found[1])


def _of_answers(present: Counts, scale: Scale, level: float) -> Estimate:
    if scale.headline == "share":
        return _share(present, scale.favourable, level)
    if scale.headline == "net":
        return _net(present, scale, level)
    return _mean(present, scale, level)


def _share(present: Counts, favourable: range, level: float) -> Estimate:
    n, part = sum(present.values()), times_within(present, favourable)
    low, high = wilson(part, n, level=level)
    return Estimate(100 * part / n, 100 * low, 100 * high, n)


def _net(present: Counts, scale: Scale, level: float) -> Estimate:
    parts = sum(present.values()), times_within(present, scale.favourable), times_within(present, scale.unfavourable)
    return Estimate(net(*parts).value, *adjusted_wald(*parts, level=level), parts[0])


def _mean(present: Counts, scale: Scale, level: float) -> Estimate:
    """Computed in hundredths of a point, as they are stored; shown in points."""
    of = sums(present)
    lowest, highest = limits_in_hundredths(scale)
    limits = t_interval(of, low=lowest, high=highest, level=level)
    low, high = (None, None) if limits is None else (limits[0] / 100, limits[1] / 100)
    return Estimate(mean(of) / 100, low, high, of.n)


def _index(present: Counts, level: float) -> Estimate:
    of = sums(present)
    low, high = limits(of, level=level) or (None, None)
    return Estimate(index_of(mean(of)), low, high, of.n)


def _percentile(present: Counts, percent: int, level: float) -> Estimate:
    durations = in_order(present)
    low, high = quantile_limits(durations, percent, level=level)
    return Estimate(
        quantile(durations, percent) / 1000,
        None if low is None else low / 1000,
        None if high is None else high / 1000,
        durations.n,
    )
