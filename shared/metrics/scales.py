"""The scales on which an answer may be given, and what is stored of it (domain.md §2.2)."""

from functools import lru_cache
from math import ceil, floor
from typing import Literal

import msgspec

from shared.metrics.known import METRICS

Bounds = tuple[int | float, int | float]

LARGEST = 21_474_836
"""Hundredths of a custom score are stored in 32 bits: the scale of a custom metric ends here on both sides."""

CUSTOM = "custom"


class ScaleError(ValueError):
    """A score that cannot be counted. The text is one sentence for whoever sent it."""


class UnknownScale(ScaleError):
    """The metric is not asked on that scale; the sentence lists those that it is asked on."""


class ScoreOutsideScale(ScaleError):
    """The score is beyond its scale's ends, or between the values of a discrete scale."""


class Scale(msgspec.Struct, frozen=True, gc=False):
    """One way of asking one metric.

    `favourable` and `unfavourable` are answer values. `good` is the good end of the scale: on a `low` one a small
    answer is a good one. `usual`: the scale of an answer that names none. `hundredths`: scores are real numbers and
    stored as whole hundredths of a point; else they are whole numbers and stored as they are.
    """

    metric: str
    low: int | float
    high: int | float
    scale_id: str
    favourable: range
    unfavourable: range
    headline: Literal["net", "share", "mean"]
    good: Literal["high", "low"] = "high"
    usual: bool = False
    hundredths: bool = False


def _values(lowest: int, highest: int) -> range:
    return range(lowest, highest + 1)


SCALES: dict[tuple[str, Bounds], Scale] = {
    (scale.metric, (scale.low, scale.high)): scale
    for scale in (
        Scale("nps", 0, 10, "ltr_0_10", _values(9, 10), _values(0, 6), "net", usual=True),
        Scale("csat", 1, 5, "csat_1_5", _values(4, 5), _values(1, 2), "share", usual=True),
        Scale("csat", 1, 7, "csat_1_7", _values(6, 7), _values(1, 3), "share"),
        Scale("csat", 1, 10, "csat_1_10", _values(9, 10), _values(1, 6), "share"),
        Scale("ces", 1, 7, "ces2_1_7", _values(5, 7), _values(1, 3), "share", usual=True),
        Scale("ces", 1, 5, "ces1_1_5", _values(1, 2), _values(4, 5), "share", good="low"),
        Scale("effectiveness", 0, 2, "goal_0_2", _values(2, 2), _values(0, 0), "share", usual=True),
        Scale("ease", 1, 7, "ces2_1_7", _values(5, 7), _values(1, 3), "share", usual=True),
        Scale("enjoyment", 1, 7, "enjoy_1_7", _values(6, 7), _values(1, 3), "net", usual=True),
        Scale("enjoyment", -3, 3, "affect_m3_p3", _values(2, 3), _values(-3, -1), "net"),
        Scale("expectation", -2, 2, "disconf_m2_p2", _values(1, 2), _values(-2, -1), "net", usual=True),
        Scale("preference", -1, 1, "pref_3", _values(1, 1), _values(-1, -1), "net", usual=True),
    )
}

_asked: dict[tuple[str, Bounds | None], Scale] = {
    (metric, ends): scale
    for (metric, bounds), scale in SCALES.items()
    for ends in ((bounds, None) if scale.usual else (bounds,))
}
_by_id: dict[tuple[str, str], Scale] = {(scale.metric, scale.scale_id): scale for scale in SCALES.values()}


def scale_of(metric: str, bounds: Bounds | None) -> Scale:
    """The scale with these ends; None: the usual one. A custom metric may have any ends, or none.

    Raises UnknownScale. Hot path of ingest: one look-up for what is in the table.
    """
    return _asked.get((metric, bounds)) or _custom(metric, bounds)


def scale_named(metric: str, scale_id: str) -> Scale:
    """The scale whose `scale_id` was stored with a count. Raises UnknownScale."""
    if scale := _by_id.get((metric, scale_id)):
        return scale
    if scale_id == CUSTOM:
        return _custom(metric, None)
    try:
        kind, low, high = scale_id.split("_")
        if kind == CUSTOM:
            return _custom(metric, (float(low), float(high)))
    except ValueError:
        pass
    raise UnknownScale(f"{metric} has no scale called {scale_id[:80]!r}")


def check_score(scale: Scale, score: int | float) -> int:
    """What is stored of a score: itself, on a custom scale its nearest hundredth as a whole number.

    Raises ScoreOutsideScale; nothing is clamped, and a discrete score is never rounded (4.0 is 4).
    """
    if scale.low <= score <= scale.high:
        if scale.hundredths:
            return round(score * 100)
        value = int(score)
        if value == score:
            return value
    kind = "score" if scale.hundredths else "whole score"
    raise ScoreOutsideScale(
        f"expected a {kind} from {scale.low} to {scale.high} for {scale.metric}, found {score!r:.40}"
    )


def norm100(score: int | float, low: int | float, high: int | float, *, good: Literal["high", "low"] = "high") -> float:
    """The score on 0–100 where 100 is good: `100·(x−lo)/(hi−lo)`, on a reversed scale `100·(hi−x)/(hi−lo)` (§2.2).

    Wants low ≤ score ≤ high; then it is within 0–100 for real numbers too, where the division may round upwards.
    """
    return min(100.0, 100 * (score - low if good == "high" else high - score) / (high - low))


def norm100_of(scale: Scale, score: int | float) -> float | None:
    """A score of that scale on 0–100, 100 being good; None on a scale without ends. Raises ScoreOutsideScale."""
    check_score(scale, score)
    return None if scale.scale_id == CUSTOM else norm100(score, scale.low, scale.high, good=scale.good)


def limits_in_hundredths(scale: Scale) -> tuple[int, int]:
    """The lowest and the highest value that can be stored on a scale of hundredths."""
    return floor(scale.low * 100), ceil(scale.high * 100)


@lru_cache(maxsize=4096)  # a bound on what senders can make us keep, far above what a company asks
def _custom(metric: str, bounds: Bounds | None) -> Scale:
    if metric in METRICS:
        raise UnknownScale(_allowed(metric, bounds))
    if bounds is None:
        return Scale(metric, -LARGEST, LARGEST, CUSTOM, range(0), range(0), "mean", hundredths=True)
    if not -LARGEST <= bounds[0] < bounds[1] <= LARGEST:
        found = f"[{bounds[0]!r:.40}, {bounds[1]!r:.40}]"
        raise UnknownScale(f"expected the scale of {metric} as [low, high] within ±{LARGEST}, found {found}")
    low, high = (int(end) if end == int(end) else end for end in bounds)  # [0, 10] and [0.0, 10.0] are one series
    scale_id = f"{CUSTOM}_{low}_{high}"
    return Scale(metric, low, high, scale_id, range(0), range(0), "mean", hundredths=True)


def _allowed(metric: str, bounds: Bounds | None) -> str:
    ends = [f"[{s.low}, {s.high}]" + " (usual)" * s.usual for s in SCALES.values() if s.metric == metric]
    if not ends:
        source = "answers to others" if METRICS[metric].kind == "index" else "interactions"
        return f"{metric} is counted from {source}: it is not an answer that can be sent"
    found = "none" if bounds is None else f"[{bounds[0]!r:.40}, {bounds[1]!r:.40}]"
    return f"expected the scale of {metric} to be {' or '.join(ends)}, found {found}"
