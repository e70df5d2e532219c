"""Durations: DDSketch with 1 % relative error, of milliseconds, as integer keys with counts (domain.md §2.16)."""

from bisect import bisect_left
from itertools import accumulate
from math import ceil, floor, inf, log, log1p, log2, pow, sqrt

import msgspec

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


class Durations(msgspec.Struct, frozen=True):
    """Counted durations in rising order: their keys, and for each how many durations are not longer."""

    keys: tuple[int, ...]
    upto: tuple[int, ...]

    @property
    def n(self) -> int:
        """How many durations."""
        return self.upto[-1] if self.upto else 0

    def at_rank(self, rank: int) -> float:
        """The duration at that place of 1…n, in milliseconds."""
        return milliseconds_of(self.keys[bisect_left(self.upto, rank)])


def in_order(counts: Counts) -> Durations:
    """The durations that were counted, shortest first; those whose count is zero or below are none."""
    present = given(counts)
    keys = tuple(sorted(present))
    return Durations(keys, tuple(accumulate(present[key] for key in keys)))


def quantile(durations: Durations, percent: int) -> float:
    """The percentile in milliseconds. Wants at least one duration.

    The first key whose cumulative count (zeros first) exceeds `q·(n−1)`: the duration at rank `⌊q·(n−1)⌋ + 1`.
    """
    return durations.at_rank(percent * (durations.n - 1) // 100 + 1)


def rank_interval(n: int, percent: int, *, level: float = TWO_SIDED_95) -> Ranks:
    """The 1-based ranks of the order statistics between which the percentile lies; None: unbounded on that side.

    `l = ⌊nq − z√(nq(1−q))⌋`, `u = ⌈nq + z√(nq(1−q))⌉ + 1`; none where l < 1 or u > n (§2.16).
    """
    middle = n * percent / 100
    reach = z_of(level) * sqrt(n * percent * (100 - percent)) / 100
    lower, upper = floor(middle - reach), ceil(middle + reach) + 1
    return (lower if lower >= 1 else None, upper if upper <= n else None)


def quantile_limits(
    durations: Durations, percent: int, *, level: float = TWO_SIDED_95
) -> tuple[float | None, float | None]:
    """The interval of a percentile in milliseconds: the durations at the ranks of `rank_interval`."""
    lower, upper = rank_interval(durations.n, percent, level=level)
    return (
        None if lower is None else durations.at_rank(lower),
        None if upper is None else durations.at_rank(upper),
    )


def fewest_for_upper_limit(percent: int, *, level: float = ONE_SIDED_95) -> int:
    """From how many durations on the largest one is an upper limit of the percentile: least n with `1 − qⁿ ≥ level`."""
    return ceil(log(1 - level) / log(percent / 100))
