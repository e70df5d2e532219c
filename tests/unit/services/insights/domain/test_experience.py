"""The three E's beside one another: whose they are, on which scale, and in one number."""

from datetime import UTC, datetime

import pytest

from services.insights.domain import shapes
from services.insights.domain.experience import METRICS, Given, by_touchpoint, experience, sum_of, wanted
from shared.metrics.most_answered import ByScale
from shared.metrics.span import window
from tests.shop import DAY, ORDER_TO_DOOR

NOW = datetime(2026, 5, 1, 12, 7, tzinfo=UTC)
APART: dict[str, ByScale] = {
    "effectiveness": {"goal_0_2": {2: 3, 0: 1}},
    "ease": {"ces2_1_7": {7: 1, 4: 1}},
    "enjoyment": {"enjoy_1_7": {7: 2, 1: 3}, "affect_m3_p3": {3: 1}},
}
TOGETHER: dict[str, ByScale] = {"three_e": {"three_e_0_18": {18: 1, 9: 1}}}


def given(parts: dict[str, ByScale]) -> Given:
    return {metric: parts.get(metric, {}) for metric in METRICS}


def test_it_is_counted_at_every_step_over_28_days() -> None:
    found = wanted(ORDER_TO_DOOR, NOW)
    assert {(one.touchpoint, one.metric) for one in found} == {
        (touchpoint, metric) for touchpoint in ("order-placed", "parcel-arrives") for metric in METRICS
    }
    assert {one.span for one in found} == {window(NOW, 28 * DAY)}


def test_counts_are_sorted_to_their_steps() -> None:
    counted: list[ByScale] = [{str(place): {1: 1}} for place in range(2 * len(METRICS))]
    found = by_touchpoint(ORDER_TO_DOOR, counted)
    for one, counts in zip(wanted(ORDER_TO_DOOR, NOW), counted, strict=True):
        assert found[one.touchpoint][one.metric] == counts


def test_each_e_has_its_own_figure_on_the_scale_that_most_answered() -> None:
    found = experience(given(APART))
    assert found is not None
    assert (found.window, found.effectiveness.value, found.ease.value) == ("28d", 75, 50)
    assert (found.enjoyment.value, found.enjoyment.n) == (-20, 5)
    assert found.expectation == shapes.Figure(value=None, low=None, high=None, n=0)


def test_the_index_is_of_those_who_answered_all_three() -> None:
    found = experience(given(APART | TOGETHER))
    assert found is not None
    assert (found.three_e.value, found.three_e.n, found.three_e.independent) == (75, 2, False)


def test_where_nobody_did_it_is_of_their_means_and_says_so() -> None:
    found = experience(given(APART))
    assert found is not None
    assert found.three_e.value == pytest.approx((75 + 75 + 40) / 3)
    assert (found.three_e.n, found.three_e.independent) == (2, True)
    without_ease = experience(given({metric: APART[metric] for metric in ("effectiveness", "enjoyment")}))
    assert without_ease is not None
    assert without_ease.three_e == shapes.Index(value=None, low=None, high=None, n=0, independent=False)


def test_steps_are_added_up() -> None:
    found = experience(sum_of([given(APART), given({"ease": {"ces2_1_7": {7: 2}}}), given({})]))
    assert found is not None
    assert (found.ease.value, found.ease.n, found.effectiveness.n) == (75, 4, 4)


def test_a_promise_alone_is_an_experience_and_nothing_is_none() -> None:
    kept = experience(given({"promise_kept": {"": {1: 9, 0: 1}}}))
    assert kept is not None
    assert (kept.promise_kept.value, kept.promise_kept.n, kept.ease.n) == (90, 10, 0)
    assert experience(given({"ease": {"ces2_1_7": {7: 0}}})) is None
    assert experience(sum_of([])) is None
