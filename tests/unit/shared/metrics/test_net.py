"""Net scores at their edges."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.confidence import ONE_SIDED_95
from shared.metrics.net import adjusted, adjusted_wald, net, wald

ANSWERS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6)).filter(any)


@given(ANSWERS)
def test_the_score_is_the_mean_of_plus_and_minus_one(answers: tuple[int, int, int]) -> None:
    favourable, neutral, unfavourable = answers
    n = sum(answers)
    found = net(n, favourable, unfavourable)
    mean = Fraction(favourable - unfavourable, n)
    assert found.value == pytest.approx(float(100 * mean), abs=1e-9)
    spread = favourable * (1 - mean) ** 2 + neutral * mean**2 + unfavourable * (-1 - mean) ** 2
    assert found.variance == pytest.approx(float(spread / n), abs=1e-12)


@given(ANSWERS)
def test_limits_stay_on_the_scale_and_hold_the_score(answers: tuple[int, int, int]) -> None:
    favourable, _, unfavourable = answers
    parts = (sum(answers), favourable, unfavourable)
    for limits, holds in ((adjusted_wald(*parts), parts[0] > 1), (wald(*parts), True)):
        assert -100 <= limits[0] <= limits[1] <= 100
        assert not holds or limits[0] <= net(*parts).value <= limits[1]


def test_a_single_answer_lies_outside_of_its_limits() -> None:
    """A matter of the published formula: the limits are around 25, the score with three answers added."""
    low, high = adjusted_wald(1, 1, 0)
    assert (low + high) / 2 == pytest.approx(adjusted(1, 1, 0).value) == 25
    assert high == pytest.approx(98.49865, abs=1e-5)


def test_a_one_sided_limit_is_nearer() -> None:
    (low, high), (nearer_low, nearer_high) = adjusted_wald(60, 27, 11), adjusted_wald(60, 27, 11, level=ONE_SIDED_95)
    assert low < nearer_low < nearer_high < high


@given(ANSWERS)
def test_exchanging_the_sides_mirrors_the_score(answers: tuple[int, int, int]) -> None:
    favourable, _, unfavourable = answers
    low, high = adjusted_wald(sum(answers), favourable, unfavourable)
    assert adjusted_wald(sum(answers), unfavourable, favourable) == pytest.approx((-high, -low), abs=1e-9)


def test_agreement_of_all_is_certain_for_wald_and_not_for_the_adjusted_one() -> None:
    assert wald(4, 4, 0) == (100, 100)
    low, high = adjusted_wald(4, 4, 0)
    assert low == pytest.approx(adjusted(4, 4, 0).value - 1.959964 * adjusted(4, 4, 0).error, abs=1e-3)
    assert low < 60
    assert high == 100


def test_the_adjustment_is_three_answers_with_three_quarters_on_each_side() -> None:
    assert adjusted(197, 74, 20).value == pytest.approx(100 * (74.75 - 20.75) / 200)
