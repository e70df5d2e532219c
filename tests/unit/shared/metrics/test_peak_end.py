"""Which moment is the peak, and what a run is remembered by; the worked values are in test_vectors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.peak_end import peak_end, peak_of, slope

SCORES = st.lists(st.integers(0, 100), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("scores", "weights", "peak"),
    [
        ([80, 20], [1, 1], 1),  # equally extreme: the bad one
        ([20, 80], [1, 1], 0),
        ([20, 50, 20], [1, 1, 1], 2),  # equally bad: the later
        ([90, 90, 50], [1, 1, 1], 1),  # equally good: the later
        ([60, 90], [5, 1], 0),  # weight counts
        ([50, 50], [1, 3], 1),
    ],
)
def test_ties_go_to_the_bad_moment_and_then_to_the_later(scores: list[int], weights: list[int], peak: int) -> None:
    assert peak_of(scores, weights) == peak


@given(scores=SCORES)
def test_every_variant_lies_between_the_lowest_and_the_highest(scores: list[int]) -> None:
    found = peak_end(scores)
    for value in (found.classic, found.trough, found.positive, found.peak_trough, found.mean):
        assert min(scores) - 1e-9 <= value <= max(scores) + 1e-9
    assert found.trough <= found.classic <= found.positive


@given(scores=SCORES)
def test_a_story_told_backwards_has_the_opposite_slope(scores: list[int]) -> None:
    assert slope(scores) == pytest.approx(-slope(scores[::-1]))
    assert slope([10 * place for place in range(len(scores))]) == pytest.approx(10 if len(scores) > 1 else 0)
