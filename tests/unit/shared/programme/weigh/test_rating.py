"""P5 of domain.md §5.1: the margin, and how sure one is."""

import pytest

from shared.programme.weigh.rating import Rating, confidence


def rating(persona: str, score: float, coverage: float = 1.0, *, excluded: bool = False) -> Rating:
    return Rating(persona, 1, score, coverage, excluded)


def test_the_margin_is_over_the_best_other_whatever_its_coverage_unless_a_gate_excludes_it() -> None:
    others = (rating("b", 0.7, 0.1), rating("c", 0.95, excluded=True))
    assert confidence([rating("a", 0.8, 0.9), *others], "a") == pytest.approx((0.1, 0.45))
    assert confidence([rating("a", 0.8, 0.9), others[1]], "a") == pytest.approx((0.8, 0.9))


def test_nobody_is_sure_of_one_who_is_behind_nor_of_one_who_is_not_weighed() -> None:
    assert confidence([rating("a", 0.5), rating("b", 0.55)], "a") == pytest.approx((-0.05, 0))
    assert confidence([rating("b", 0.55)], "everyday") == (0, 0)
