"""Means and Student's interval, against scipy's own and at their edges."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shared.metrics.confidence import ONE_SIDED_95, TWO_SIDED_95
from shared.metrics.counts import merge, sums
from shared.metrics.mean import mean, t_interval, t_of, variance

VALUES = st.lists(st.integers(-2_147_483_600, 2_147_483_600), min_size=2, max_size=50)


@given(VALUES)
def test_mean_and_variance_are_those_of_the_values_one_by_one(values: list[int]) -> None:
    of = sums(merge({value: 1} for value in values))
    assert mean(of) == statistics.fmean(values)
    assert variance(of) == pytest.approx(float(statistics.variance(values)), rel=1e-14)


@given(VALUES)
def test_the_interval_is_students(values: list[int]) -> None:
    found = t_interval(sums(merge({value: 1} for value in values)), low=-math.inf, high=math.inf)
    error = statistics.stdev(values) / math.sqrt(len(values))
    if error == 0:
        assert found == (values[0], values[0])
    else:
        expected = stats.t.interval(0.95, len(values) - 1, statistics.fmean(values), error)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_far_from_zero_nothing_cancels() -> None:
    assert variance(sums({2_000_000_000: 1, 2_000_000_001: 1})) == 0.5


def test_one_value_says_nothing_of_spread() -> None:
    assert t_interval(sums({4: 1}), low=1, high=5) is None


def test_limits_end_with_the_scale() -> None:
    assert t_interval(sums({1: 1, 5: 1}), low=1, high=5) == (1, 5)


def test_a_level_is_that_of_each_limit() -> None:
    assert t_of(9, TWO_SIDED_95) == pytest.approx(2.262157, abs=1e-6)
    assert t_of(9, ONE_SIDED_95) == pytest.approx(1.833113, abs=1e-6)
