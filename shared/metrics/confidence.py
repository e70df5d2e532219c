"""How sure a limit is (domain.md §2.1 R9): shown with 95 % on both sides, decided by 95 % on one."""

from functools import lru_cache
from statistics import NormalDist

TWO_SIDED_95 = 0.975
"""The level of each limit when both together are to hold with 95 %."""

ONE_SIDED_95 = 0.95
"""The level of a limit that is to hold with 95 % on its own."""


@lru_cache(maxsize=64)
def z_of(level: float) -> float:
    """The normal quantile: 1.959964 for `TWO_SIDED_95`, 1.644854 for `ONE_SIDED_95`."""
    return NormalDist().inv_cdf(level)
