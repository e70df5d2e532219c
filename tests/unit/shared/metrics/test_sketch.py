"""The sketch of durations: its error, its agreement with `ddsketch`, its ranks."""

import random
from math import ceil, floor, log, sqrt

import pytest
from ddsketch import DDSketch
from ddsketch.mapping import LogarithmicMapping
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.metrics.confidence import ONE_SIDED_95
from shared.metrics.counts import merge
from shared.metrics.sketch import (
    ALPHA,
    GAMMA,
    ZERO_KEY,
    Durations,
    duration_key,
    fewest_for_upper_limit,
    in_order,
    milliseconds_of,
    quantile,
    quantile_limits,
    rank_interval,
)

CENTURY = 3_155_760_000_000.0  # in milliseconds: the longest duration an event may carry
DURATIONS = st.floats(0, CENTURY) | st.integers(0, 10**7)
PERCENTS = st.sampled_from([0, 25, 50, 75, 90, 95, 99, 100])


def counted(durations: list[float]) -> dict[int, int]:
    return merge({duration_key(duration): 1} for duration in durations)


def ordered(durations: list[float]) -> Durations:
    return in_order(counted(durations))


@given(st.floats(1e-300, CENTURY))
def test_a_key_stands_for_durations_within_one_percent(milliseconds: float) -> None:
    assert abs(milliseconds_of(duration_key(milliseconds)) - milliseconds) <= milliseconds * ALPHA * (1 + 1e-9)


@given(st.floats(0, CENTURY), st.floats(0, CENTURY))
def test_keys_sort_as_durations_do(one: float, other: float) -> None:
    assert duration_key(min(one, other)) <= duration_key(max(one, other))


def test_zero_is_apart_and_first() -> None:
    assert duration_key(0) == duration_key(-0.0) == ZERO_KEY < duration_key(5e-324)
    assert milliseconds_of(ZERO_KEY) == 0
    assert ZERO_KEY > -(2**31)
    assert quantile(ordered([0, 0, 0, 50]), 50) == 0
    assert quantile(ordered([0, 50, 50, 50]), 50) == pytest.approx(50, rel=ALPHA)


@pytest.mark.parametrize("milliseconds", [-1, -5e-324, float("nan"), float("inf")])
def test_what_is_no_duration_is_refused(milliseconds: float) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        duration_key(milliseconds)


@given(st.floats(1e-3, CENTURY))
def test_keys_are_those_of_ddsketch(milliseconds: float) -> None:
    theirs = LogarithmicMapping(ALPHA)
    exponent = log(milliseconds) / log(GAMMA)
    assume(abs(exponent - round(exponent)) > 1e-9)  # at powers of γ the two round their logarithms differently
    assert duration_key(milliseconds) == theirs.key(milliseconds)
    assert milliseconds_of(duration_key(milliseconds)) == pytest.approx(theirs.value(theirs.key(milliseconds)))


@pytest.mark.parametrize("seed", range(5))
def test_quantiles_are_those_of_ddsketch(seed: int) -> None:
    draw = random.Random(seed)
    durations = [draw.choice([0.0, draw.lognormvariate(7, 2)]) for _ in range(draw.randrange(1, 3000))]
    theirs = DDSketch(ALPHA)
    for duration in durations:
        theirs.add(duration)
    ours = ordered(durations)
    for percent in (0, 50, 75, 90, 95, 99, 100):
        assert quantile(ours, percent) == pytest.approx(theirs.get_quantile_value(percent / 100), rel=1e-9)


@given(st.lists(DURATIONS, min_size=1, max_size=60), PERCENTS)
def test_a_quantile_is_within_one_percent_of_the_durations_own(durations: list[float], percent: int) -> None:
    exact = sorted(durations)[percent * (len(durations) - 1) // 100]
    assert quantile(ordered(durations), percent) == pytest.approx(exact, rel=ALPHA * (1 + 1e-9), abs=5e-324)


@given(st.lists(DURATIONS, min_size=1, max_size=60), PERCENTS, st.randoms(use_true_random=False), st.integers(0, 60))
def test_neither_order_nor_split_matters(durations: list[float], percent: int, draw: random.Random, at: int) -> None:
    shuffled = draw.sample(durations, len(durations))
    merged = in_order(merge([counted(shuffled[:at]), counted(shuffled[at:])]))
    assert quantile(merged, percent) == quantile(ordered(durations), percent)
    assert quantile_limits(merged, percent) == quantile_limits(ordered(durations), percent)


@given(st.lists(DURATIONS, min_size=1, max_size=60), st.sampled_from([50, 75, 90, 95, 99]))
def test_limits_hold_the_quantile(durations: list[float], percent: int) -> None:
    ours = ordered(durations)
    value, (low, high) = quantile(ours, percent), quantile_limits(ours, percent)
    assert low is None or low <= value
    assert high is None or value <= high


@given(st.integers(1, 10**6), st.sampled_from([50, 75, 90, 95, 99]))
def test_ranks_are_those_of_the_formula(n: int, percent: int) -> None:
    q = percent / 100
    reach = 1.959963984540054 * sqrt(n * q * (1 - q))
    for point in (n * q - reach, n * q + reach):
        assume(abs(point - round(point)) > 1e-6)
    low, high = floor(n * q - reach), ceil(n * q + reach) + 1
    assert rank_interval(n, percent) == (low if low >= 1 else None, high if high <= n else None)


def test_few_durations_leave_a_percentile_unbounded() -> None:
    assert rank_interval(1, 50) == (None, None)
    assert rank_interval(7, 50) == (None, None)
    assert rank_interval(8, 50) == (1, 8)
    assert rank_interval(100, 99) == (97, None)
    assert rank_interval(0, 50) == (None, None)


def test_limits_are_the_durations_at_their_ranks() -> None:
    durations = [float(10 * rank) for rank in range(1, 206)]
    low, high = quantile_limits(ordered(durations), 90)  # ranks 176 and 194
    assert low == pytest.approx(1760, rel=ALPHA)
    assert high == pytest.approx(1940, rel=ALPHA)


def test_what_is_zero_or_below_is_no_duration() -> None:
    assert in_order({7: 0, 9: 3, 8: -1, ZERO_KEY: 2}) == Durations((ZERO_KEY, 9), (2, 5))
    for counts in ({}, {7: 0}, {7: -1, ZERO_KEY: 0}):
        assert in_order(counts).n == 0
        assert quantile_limits(in_order(counts), 50) == (None, None)


@pytest.mark.parametrize("percent", [50, 75, 90, 95, 99])
def test_the_fewest_for_an_upper_limit_are_just_enough(percent: int) -> None:
    n = fewest_for_upper_limit(percent)
    assert 1 - (percent / 100) ** n >= ONE_SIDED_95 > 1 - (percent / 100) ** (n - 1)
