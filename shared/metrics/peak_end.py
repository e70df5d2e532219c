"""Peak-End of one run through a journey, and what is shown beside it (domain.md §3).

A run is remembered by its most extreme moment and by its end. The mean is never replaced by it: both are shown.
"""

from collections.abc import Sequence

import msgspec

NEUTRAL = 50.0


class PeakEnd(msgspec.Struct, frozen=True):
    """Scores on 0–100. `peak_index` counts from 0; `slope` is points a moment, 0 with one.

    `classic` is of peak and end, `trough` of the lowest and the end (for unpleasant journeys), `positive` of the
    highest and the end, `peak_trough` of all three.
    """

    peak_index: int
    peak: float
    end: float
    classic: float
    trough: float
    positive: float
    peak_trough: float
    mean: float
    slope: float


def peak_end(scores: Sequence[float], weights: Sequence[float] | None = None) -> PeakEnd:
    """Of scored moments in their order, each with its weight (1 unless given). Wants at least one."""
    at = peak_of(scores, weights or [1.0] * len(scores))
    end, lowest, highest = scores[-1], min(scores), max(scores)
    return PeakEnd(
        peak_index=at,
        peak=scores[at],
        end=end,
        classic=(scores[at] + end) / 2,
        trough=(lowest + end) / 2,
        positive=(highest + end) / 2,
        peak_trough=(highest + lowest + end) / 3,
        mean=sum(scores) / len(scores),
        slope=slope(scores),
    )


def peak_of(scores: Sequence[float], weights: Sequence[float]) -> int:
    """The moment of the largest `ω·|v − 50|`; of equals a bad one, because bad weighs more, then the later."""
    reach = [(weight * abs(score - NEUTRAL), score < NEUTRAL, at) for at, (score, weight) in _numbered(scores, weights)]
    return max(reach)[2]


def slope(scores: Sequence[float]) -> float:
    """Least-squares slope of the scores over their places 1…m: did the story improve?"""
    m = len(scores)
    middle, level = (m - 1) / 2, sum(scores) / m
    spread = sum((at - middle) ** 2 for at in range(m))
    return sum((at - middle) * (score - level) for at, score in enumerate(scores)) / spread if spread else 0.0


def _numbered(scores: Sequence[float], weights: Sequence[float]) -> list[tuple[int, tuple[float, float]]]:
    return list(enumerate(zip(scores, weights, strict=True)))
