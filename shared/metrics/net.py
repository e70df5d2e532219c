"""Net scores: % favourable − % unfavourable, in points of −100…100 (domain.md §2.5)."""

from math import sqrt

import msgspec

from shared.metrics.confidence import TWO_SIDED_95, z_of

Limits = tuple[float, float]


class Net(msgspec.Struct, frozen=True):
    """`value` and its standard `error` in points; `variance` is that of one answer on the scale −1…1 (Var₁)."""

    value: float
    variance: float
    error: float

    def limits(self, level: float) -> Limits:
        """`value ± z·error`, clamped to −100…100."""
        reach = z_of(level) * self.error
        return max(-100.0, self.value - reach), min(100.0, self.value + reach)


def net(n: int, favourable: int, unfavourable: int) -> Net:
    """The score as it is shown: `N = p − d`, `Var₁ = p + d − (p−d)²`, `SE = √(Var₁/n)`. Wants n ≥ 1."""
    margin = favourable - unfavourable
    variance = (n * (favourable + unfavourable) - margin * margin) / (n * n)
    return Net(100 * margin / n, variance, 100 * sqrt(variance / n))


def adjusted(n: int, favourable: int, unfavourable: int) -> Net:
    """The score that its interval is built around: three answers more, ¾ of one favourable, ¾ unfavourable.

    `n′ = n+3, fav′ = fav+¾, unfav′ = unfav+¾`; counted in quarters of an answer so that it stays in integers.
    """
    quarters = net(4 * n + 12, 4 * favourable + 3, 4 * unfavourable + 3)
    return Net(quarters.value, quarters.variance, 2 * quarters.error)


def wald(n: int, favourable: int, unfavourable: int, *, level: float = TWO_SIDED_95) -> Limits:
    """Limits by the plain standard error. For comparison only: at n = 10 as few as 40 % of them hold (§2.5)."""
    return net(n, favourable, unfavourable).limits(level)


def adjusted_wald(n: int, favourable: int, unfavourable: int, *, level: float = TWO_SIDED_95) -> Limits:
    """The limits that are shown and decided by; each is the one-sided limit at `level`.

    They are around the adjusted score: of a single answer that is not neutral (at 95 % one-sided of up to four that
    agree) the score itself lies outside of them.
    """
    return adjusted(n, favourable, unfavourable).limits(level)
