"""Counts by scale to a figure: one scale, never a mixture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insights.domain.estimate import Figure, figure
from shared.metrics.headline import UnknownStat, headline
from shared.metrics.most_answered import most_answered
from shared.metrics.sketch import duration_key

COUNTS = st.dictionaries(st.integers(1, 5), st.integers(-2, 9), max_size=5)


def test_no_answers_are_no_value() -> None:
    assert figure("csat", None, None, {}) == Figure(None, None, None, 0)
    assert figure("csat", None, "csat_1_5", {"csat_1_7": {7: 4}}) == Figure()
    assert figure("csat", None, None, {"csat_1_5": {5: 0, 4: -1}}) == Figure()


@given(COUNTS)
def test_it_is_the_headline_of_the_scale(counts: dict[int, int]) -> None:
    shown = figure("csat", None, "csat_1_5", {"csat_1_5": counts, "csat_1_7": {1: 99}})
    expected = headline("csat", "csat_1_5", counts)
    assert shown == (Figure() if expected is None else (expected.value, expected.low, expected.high, expected.n))


def test_the_scale_with_the_most_answers_is_shown() -> None:
    assert figure("csat", None, None, {"csat_1_5": {5: 2}, "csat_1_7": {1: 3}})[::3] == (0.0, 3)
    assert most_answered("csat", {"csat_1_7": {1: 2}, "csat_1_5": {5: 2}}) == "csat_1_5"  # the usual one
    assert most_answered("mood", {"custom_1_7": {100: 2}, "custom_1_5": {100: 2}}) == "custom_1_5"
    assert most_answered("csat", {"csat_1_7": {1: 3, 2: -9}, "csat_1_5": {5: 2}}) == "csat_1_7"


def test_what_has_no_scale_needs_none() -> None:
    assert figure("promise_kept", None, None, {"": {1: 3, 0: 1}})[::3] == (75.0, 4)
    value, low, high, n = figure("wait_seconds", "p90", None, {"ms": {duration_key(2000): 50}})
    assert value == pytest.approx(2, rel=0.01)
    assert n == 50
    assert (low, high) == (value, None)


def test_a_stat_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownStat):
        figure("csat", "p50", "csat_1_5", {"csat_1_5": {5: 1}})
