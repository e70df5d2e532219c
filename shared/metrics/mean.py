"""Means with Student's t, from integer sums (domain.md §2.18)."""

from functools import lru_cache
from math import sqrt

from scipy.special import stdtrit

from shared.metrics.confidence import TWO_SIDED_95
from shared.metrics.counts import Sums

Limits = tuple[float, float]


def mean(of: Sums) -> float:
    """`x̄ = Σx/n`. Wants n ≥ 1."""
    return of.total / of.n


def variance(of: Sums) -> float:
    """`s² = (Σx² − (Σx)²/n)/(n−1)`, without cancellation because the numerator is an integer. Wants n ≥ 2."""
    return (of.n * of.squares - of.total * of.total) / (of.n * (of.n - 1))


@lru_cache(maxsize=4096)
def t_of(freedom: float, level: float) -> float:
    """Student's t quantile with that many degrees of freedom."""
    return float(stdtrit(freedom, level))


def t_interval(of: Sums, *, low: float, high: float, level: float = TWO_SIDED_95) -> Limits | None:
    """`x̄ ± t·s/√n`, clamped to low…high (the ends of the scale); None with one value, which says nothing of spread."""
    if of.n < 2:
        return None
    reach = t_of(of.n - 1, level) * sqrt(variance(of) / of.n)
    return max(low, mean(of) - reach), min(high, mean(of) + reach)
