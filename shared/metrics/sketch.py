"""Durations: DDSketch with 1 % relative error, of milliseconds, as integer keys with counts (domain.md §2.16)."""

from collections.abc import Iterator
from math import ceil, floor, inf, log, log1p, log2, pow, sqrt

from shared.metrics.confidence import ONE_SIDED_95, TWO_SIDED_95, z_of
from shared.metrics.counts import Counts, given

ALPHA = 0.01
GAMMA = 1 + 2 * ALPHA / (1 - ALPHA)
_KEYS_PER_DOUBLING = log(2) / log1p(2 * ALPHA / (1 - ALPHA))

ZERO_KEY = -100_000
"""Stands for exactly zero: below the key of the smallest positive double (−37,221), so keys sort as durations do."""

Ranks = tuple[int | None, int | None]


def duration_key(milliseconds: float) -> int:
    """The key a duration is counted under: `⌈log_γ x⌉`, for exactly zero `ZERO_KEY`.

    Raises ValueError for a negative one (a clock is wrong) and for one that is not finite.
    """
    if 0 < milliseconds < inf:
        return ceil(log2(milliseconds) * _KEYS_PER_DOUBLING)
    if milliseconds == 0:
        return ZERO_KEY
    raise ValueError(f"expected a duration of zero or more milliseconds, found {milliseconds}")


def milliseconds_of(key: int) -> float:
    """The duration that stands for all of a key: `2γ^k/(γ+1)`, within 1 % of each of them."""
    return 0.0 if key == ZERO_KEY else pow(2.0, key / _KEYS_PER_DOUBLING) * (2 / (1 + GAMMA))


def quantile(counts: Counts, percent: int) -> float | None:
    """The percentile in milliseconds, None where nothing was counted.

    The first key whose cumulative count (zeros first) exceeds the rank `q·(n−1)`, compared in hundredths so that
    nothing is rounded.
    """
    present = given(counts)
    rank_in_hundredths = percent * (sum(present.values()) - 1)
    return next((milliseconds_of(key) for key, upto in _rising(present) if 100 * upto > rank_in_hundredths), None)


def rank_interval(n: int, percent: int, *, level: float = TWO_SIDED_95) -> Ranks:
    """The 1-based ranks of the order statistics between which the percentile lies; None: unbounded on that side.

    `l = ⌊nq − z√(nq(1−q))⌋`, `u = ⌈nq + z√(nq(1−q))⌉ + 1`; none where l < 1 or u > n (§2.16).
    """
    middle = n * percent / 100
    reach = z_of(level) * sqrt(n * percent * (100 - percent)) / 100
    lower, upper = floor(middle - reach), ceil(middle + reach) + 1
    return (lower if lower >= 1 else None, upper if upper <= n else None)


def quantile_limits(counts: Counts, percent: int, *, level: float = TWO_SIDED_95) -> tuple[float | None, float | None]:
    """The interval of a percentile in milliseconds: the durations at the ranks of `rank_interval`."""
    present = given(counts)
    lower, upper = rank_interval(sum(present.values()), percent, level=level)
    return _at_rank(present, lower), _at_rank(present, upper)


def fewest_for_upper_limit(percent: int, *, level: float = ONE_SIDED_95) -> int:
    """From how many durations on the largest one is an upper limit of the percentile: least n with `1 − qⁿ ≥ level`."""
    return ceil(log(1 - level) / log(percent / 100))


def _rising(present: Counts) -> Iterator[tuple[int, int]]:
    """Keys in the order of their durations, each with how many are not longer."""
    upto = 0
    for key in sorted(present):
        upto += present[key]
        yield key, upto


def _at_rank(present: Counts, rank: int | None) -> float | None:
    if rank is None:
        return None
    return next(milliseconds_of(key) for key, upto in _rising(present) if upto >= rank)
