"""Counts add up, in any order, and a correction takes back."""

import random

from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.counts import Sums, merge, sums, times_within
from shared.metrics.counts import given as given_values

COUNTS = st.dictionaries(st.integers(-100, 100), st.integers(-5, 50), max_size=12)


@given(st.lists(COUNTS, max_size=6), st.randoms(use_true_random=False))
def test_merging_is_adding_in_any_order(parts: list[dict[int, int]], draw: random.Random) -> None:
    merged = merge(parts)
    assert merged == merge(draw.sample(parts, len(parts)))
    for value in {value for part in parts for value in part}:
        assert merged.get(value, 0) == sum(part.get(value, 0) for part in parts)


@given(COUNTS, COUNTS)
def test_a_correction_takes_back_what_was_counted(counts: dict[int, int], more: dict[int, int]) -> None:
    taken_back = {value: -n for value, n in more.items()}
    assert merge([merge([counts, more]), taken_back]) == {value: n for value, n in counts.items() if n}


def test_a_correction_may_come_before_what_it_corrects() -> None:
    assert merge([{6: -1, 9: 1}, {6: 1}]) == {9: 1}


@given(COUNTS)
def test_sums_are_those_of_the_values_one_by_one(counts: dict[int, int]) -> None:
    values = [value for value, n in counts.items() for _ in range(max(0, n))]
    assert sums(counts) == Sums(len(values), sum(values), sum(value * value for value in values))
    assert times_within(counts, range(10)) == sum(0 <= value < 10 for value in values)


def test_what_is_zero_or_below_was_not_given() -> None:
    assert given_values({1: 0, 2: -3, 3: 4}) == {3: 4}
