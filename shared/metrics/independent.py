"""The three E's in one number where they were asked of different people (domain.md §2.3, `independent`)."""

from collections.abc import Mapping
from math import sqrt

from shared.metrics.confidence import TWO_SIDED_95
from shared.metrics.counts import Counts, Sums, sums
from shared.metrics.headline import Estimate
from shared.metrics.mean import mean, t_of, variance
from shared.metrics.scales import Scale, scale_named
from shared.metrics.three_e import E

_WEIGHT = 1 / len(E)


def independent(answers: Mapping[str, tuple[str, Counts]], *, level: float = TWO_SIDED_95) -> Estimate | None:
    """`Σ w·mean` with `Var = Σ w²·Var(mean)`, of counts with their scale by metric; None where an E was not answered:
    the other two are not stretched to fill its place.

    The interval is Student's t with Welch and Satterthwaite's degrees of freedom, unknown where an E has one answer.
    `n` is that of the E that was answered least. Raises UnknownScale.
    """
    parts = []
    for metric in E:
        scale_id, counts = answers.get(metric, ("", {}))
        of = sums(counts)
        if not of.n:
            return None
        parts.append(_part(of, scale_named(metric, scale_id)))
    value = sum(_WEIGHT * middle for _, middle, _ in parts)
    fewest = min(n for n, _, _ in parts)
    if fewest < 2:
        return Estimate(value, None, None, fewest)
    reach = _reach([(n, _WEIGHT**2 * spread) for n, _, spread in parts], level)
    return Estimate(value, max(0.0, value - reach), min(100.0, value + reach), fewest)


def _part(of: Sums, scale: Scale) -> tuple[int, float, float]:
    """How many answered, their mean on 0–100, and the variance of that mean; 0 of one answer, which shows none."""
    step = 100 / (scale.high - scale.low)
    return of.n, step * (mean(of) - scale.low), step * step * variance(of) / of.n if of.n > 1 else 0.0


def _reach(parts: list[tuple[int, float]], level: float) -> float:
    total = sum(spread for _, spread in parts)
    if not total:
        return 0.0
    freedom = total**2 / sum(spread**2 / (n - 1) for n, spread in parts)
    return t_of(freedom, level) * sqrt(total)
