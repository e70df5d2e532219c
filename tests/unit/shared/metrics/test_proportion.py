"""Wilson and Newcombe at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.confidence import ONE_SIDED_95, z_of
from shared.metrics.proportion import newcombe, wilson

PARTS = st.integers(1, 10**12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(PARTS)
def test_wilson_holds_the_share_and_stays_between_none_and_all(share: tuple[int, int]) -> None:
    part, n = share
    low, high = wilson(part, n)
    assert 0 <= low <= part / n <= high <= 1
    assert low < high
    assert (low == 0) == (part == 0)
    assert (high == 1) == (part == n)


@given(PARTS)
def test_wilson_mirrors(share: tuple[int, int]) -> None:
    part, n = share
    low, high = wilson(part, n)
    assert wilson(n - part, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_limits_are_where_the_score_test_turns(share: tuple[int, int]) -> None:
    """A limit p solves (p̂ − p)² = z²·p(1−p)/n: the definition that the closed form is derived from."""
    part, n = share
    for p in wilson(part, n, level=ONE_SIDED_95):
        assert (part / n - p) ** 2 == pytest.approx(z_of(ONE_SIDED_95) ** 2 * p * (1 - p) / n, rel=1e-6, abs=1e-12)


def test_one_of_one_is_not_proof() -> None:
    assert wilson(1, 1) == pytest.approx((0.206549, 1.0), abs=1e-6)
    assert wilson(0, 1) == pytest.approx((0.0, 0.793451), abs=1e-6)


def test_a_one_sided_limit_is_nearer_than_a_two_sided_one() -> None:
    (low, high), (nearer_low, nearer_high) = wilson(76, 100), wilson(76, 100, level=ONE_SIDED_95)
    assert low < nearer_low < 0.76 < nearer_high < high


@given(PARTS, PARTS)
def test_newcombe_holds_the_difference_and_mirrors(one: tuple[int, int], other: tuple[int, int]) -> None:
    low, high = newcombe(one, other)
    difference = one[0] / one[1] - other[0] / other[1]
    assert -1 <= low <= difference <= high <= 1
    assert newcombe(other, one) == pytest.approx((-high, -low), abs=1e-12)


def test_newcombe_reaches_its_ends() -> None:
    assert newcombe((5, 5), (0, 5))[1] == 1
    assert newcombe((0, 5), (5, 5))[0] == -1
