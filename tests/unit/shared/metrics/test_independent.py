"""The index of E's that different people answered: its mean, its interval, and when there is none."""

from collections.abc import Mapping

import pytest
from scipy import stats

from shared.metrics.counts import Counts
from shared.metrics.independent import independent

GOAL, EASE, JOY = "goal_0_2", "ces2_1_7", "enjoy_1_7"


def of(goal: Counts, ease: Counts, joy: Counts, joy_scale: str = JOY) -> Mapping[str, tuple[str, Counts]]:
    return {"effectiveness": (GOAL, goal), "ease": (EASE, ease), "enjoyment": (joy_scale, joy)}


def test_it_is_the_mean_of_the_three_means() -> None:
    found = independent(of({2: 3, 0: 1}, {7: 1, 4: 1}, {1: 5}))
    assert found is not None
    assert found.value == pytest.approx((75 + 75 + 0) / 3)
    assert found.n == 2  # ease was answered least


def test_its_variance_is_that_of_the_three_means() -> None:
    found = independent(of({2: 2, 0: 1}, {7: 1, 4: 2, 1: 1}, {3: 1, 5: 1}))
    assert found is not None
    points: list[list[float]] = [[100, 100, 0], [100, 50, 50, 0], [100 / 3, 200 / 3]]
    spreads = [stats.tvar(part) / len(part) / 9 for part in points]
    total = sum(spreads)
    freedom = total**2 / sum(s**2 / (len(part) - 1) for s, part in zip(spreads, points, strict=True))
    reach = float(stats.t.ppf(0.975, freedom)) * total**0.5
    assert found.low == pytest.approx(max(0, found.value - reach))
    assert found.high == pytest.approx(min(100, found.value + reach))


def test_three_that_vary_alike_have_the_freedom_of_all() -> None:
    alike = {1: 20, 7: 20}
    found = independent(of({0: 20, 2: 20}, alike, alike))
    assert found is not None
    spread = stats.tvar([0] * 20 + [100] * 20) / 40 / 3
    assert found.high == pytest.approx(50 + float(stats.t.ppf(0.975, 3 * 39)) * spread**0.5)


def test_a_missing_e_makes_it_null_and_stretches_nothing() -> None:
    assert independent(of({2: 9}, {7: 9}, {})) is None
    assert independent(of({2: 9}, {7: 0}, {7: 9})) is None
    assert independent({"ease": (EASE, {7: 9})}) is None


def test_of_one_answer_nothing_is_known_of_spread() -> None:
    found = independent(of({2: 9}, {7: 1}, {7: 9}))
    assert found is not None
    assert found.value == pytest.approx(100)
    assert (found.low, found.high, found.n) == (None, None, 1)


def test_answers_that_all_agree_leave_no_doubt() -> None:
    found = independent(of({1: 9}, {4: 9}, {0: 9}, "affect_m3_p3"))
    assert found is not None
    assert [found.value, found.low, found.high] == pytest.approx([50, 50, 50])
