"""Shares: a part of n, with Wilson's interval, and the difference of two with Newcombe's (domain.md §2.4)."""

from math import sqrt

from shared.metrics.confidence import TWO_SIDED_95, z_of

Limits = tuple[float, float]


def wilson(part: int, n: int, *, level: float = TWO_SIDED_95) -> Limits:
    """Wilson score limits of part/n, in 0–1; each is the one-sided limit at `level`. Wants 0 ≤ part ≤ n, n ≥ 1.

    `centre = (p̂ + z²/2n)/(1 + z²/n)`, `half = z/(1 + z²/n)·√(p̂(1−p̂)/n + z²/4n²)` (§2.4). With none or all of n the
    outer limit is exactly 0 or 1, which the formula reaches only up to rounding.
    """
    z = z_of(level)
    spread = 1 + z * z / n
    centre = (part / n + z * z / (2 * n)) / spread
    half = z / spread * sqrt(part * (n - part) / n**3 + z * z / (4 * n * n))
    return (0.0 if part == 0 else max(0.0, centre - half), 1.0 if part == n else min(1.0, centre + half))


def newcombe(one: tuple[int, int], other: tuple[int, int], *, level: float = TWO_SIDED_95) -> Limits:
    """Limits of the difference one − other of two independent shares, each given as (part, n); in −1…1.

    Newcombe's hybrid of the two Wilson intervals (§2.4): lower `d − √((p₁−l₁)² + (u₂−p₂)²)`, upper
    `d + √((u₁−p₁)² + (p₂−l₂)²)`.
    """
    (p1, (l1, u1)), (p2, (l2, u2)) = ((part / n, wilson(part, n, level=level)) for part, n in (one, other))
    difference = p1 - p2
    return (
        max(-1.0, difference - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)),
        min(1.0, difference + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)),
    )
