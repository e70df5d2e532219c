"""Which moments a run has, which of them is its peak, and what may be decided by it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.insights.domain.peak_end import coverage, moments_of, peak_end
from services.insights.domain.record import Score
from tests.shop import ORDER_TO_DOOR

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
ARRIVES, PLACED = "parcel-arrives", "order-placed"


def score(hour: int, value: float, touchpoint: str = ARRIVES, metric: str = "csat", *, response: str = "") -> Score:
    at = BEGIN + timedelta(hours=hour)
    return Score("order-to-door", "1", response or f"r{hour}", metric, touchpoint, metric, value, at, "s", f"e{hour}")


def test_moments_are_in_order_of_time_however_they_come() -> None:
    late, early = score(2, 100), score(1, 0)
    assert moments_of([late, early]) == [early, late]


def test_a_response_is_one_moment_by_how_it_felt() -> None:
    answers = [score(1, value, metric=metric, response="r") for value, metric in ((9, "mood"), (8, "nps"), (7, "csat"))]
    assert [one.metric for one in moments_of(answers)] == ["csat"]
    felt = score(1, 6, metric="enjoyment", response="r")
    assert moments_of([*answers, felt]) == [felt]
    assert [one.metric for one in moments_of(answers[:1])] == ["mood"]
    twice = [answers[2]._replace(answer="csat#2", score=1), answers[2]]
    assert [one.answer for one in moments_of(twice)] == ["csat"]


def test_a_moment_of_truth_weighs_twice() -> None:
    scores = [score(1, 80, ARRIVES), score(2, 10, PLACED), score(3, 60, PLACED)]
    found = peak_end(ORDER_TO_DOOR, scores, [], provisional=False)
    assert found is not None
    assert (found.peak.touchpoint, found.peak.score, found.peak.at) == (ARRIVES, 80, BEGIN + timedelta(hours=1))
    assert (found.end.score, found.value, found.trough_end, found.mean) == (60, 70, 35, 50)
    unknown_map = peak_end(None, scores, [], provisional=False)
    assert unknown_map is not None
    assert (unknown_map.peak.score, unknown_map.coverage, unknown_map.decision_grade) == (10, None, False)


@pytest.mark.parametrize(
    ("scores", "provisional", "grade"),
    [
        ([score(1, 80), score(2, 10)], False, True),
        ([score(1, 80), score(2, 10)], True, False),  # it goes on
        ([score(1, 80)], False, False),  # one moment is no peak and end
        ([score(1, 80, PLACED), score(2, 10, PLACED)], False, False),  # no moment of truth was scored
    ],
)
def test_what_decisions_may_rest_on(scores: list[Score], provisional: bool, grade: bool) -> None:
    found = peak_end(ORDER_TO_DOOR, scores, [PLACED, ARRIVES], provisional=provisional)
    assert found is not None
    assert (found.provisional, found.decision_grade) == (provisional, grade)


def test_coverage_is_of_the_moments_of_truth_that_were_reached() -> None:
    truths = {"a", "b", "c"}
    assert coverage(truths, {"a"}, {"a", "b", "x"}) == 0.5
    assert coverage(truths, {"a"}, set()) == 1.0  # it was scored, so it was reached
    assert coverage(truths, {"x"}, {"b"}) == 0.0
    assert coverage(truths, {"x"}, {"x"}) is None


def test_where_nothing_was_scored_there_is_nothing_to_remember() -> None:
    assert peak_end(ORDER_TO_DOOR, [], [ARRIVES], provisional=False) is None
