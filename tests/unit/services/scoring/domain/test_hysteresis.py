"""P3 to P7 of domain.md §5.1, a rule a test. And the worked example V19."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.scoring.domain.hysteresis import candidate, next_holder
from services.scoring.domain.state import Pending
from shared.programme.weigh.rating import Rating
from tests.histories import BEGIN
from tests.unit.shared.programme.weigh.vector import by_name, of_vector

DAY = timedelta(days=1)
SOON = timedelta(seconds=1)


def rating(persona: str, score: float, coverage: float = 1.0, *, priority: int = 1, excluded: bool = False) -> Rating:
    return Rating(persona, priority, score, coverage, excluded)


def best(*ratings: Rating, incumbent: str | None = None) -> str | None:
    found = candidate(ratings, incumbent)
    return found.persona if found else None


def test_a_candidate_has_half_of_the_score_and_half_of_the_coverage() -> None:
    assert best(rating("a", 0.5, 0.5)) == "a"
    assert best(rating("a", 0.49), rating("b", 0.9, 0.49), rating("c", 0.9, excluded=True)) is None


def test_what_adds_up_to_half_but_for_the_last_bit_is_half() -> None:
    assert best(rating("a", 0.1 + 0.2 + 0.2 - 2e-16)) == "a"


def test_ties_go_to_the_incumbent_then_coverage_priority_and_name() -> None:
    one, other = rating("a", 0.8, 0.6, priority=1), rating("b", 0.8 + 1e-10, 0.6, priority=1)
    assert best(one, other, incumbent="b") == "b"
    assert best(one, other) == best(other, one) == "a"
    assert best(one, replace(other, priority=0)) == "b"
    assert best(one, replace(other, priority=9, coverage=0.7)) == "b"
    assert best(one, replace(other, score=0.8 + 1e-8)) == "b"


def test_without_an_incumbent_the_candidate_holds_at_once() -> None:
    assert next_holder(None, rating("a", 0.5), None, BEGIN) == ("a", None)
    assert next_holder(None, None, Pending("a", BEGIN), BEGIN) == (None, None)


def test_whose_gate_fails_goes_at_once() -> None:
    holder = rating("a", 0.9, excluded=True)
    assert next_holder(holder, rating("b", 0.5), None, BEGIN) == ("b", None)
    assert next_holder(holder, None, None, BEGIN) == (None, None)


def test_another_must_be_ahead_twice_a_day_apart() -> None:
    holder, other = rating("a", 0.6), rating("b", 0.7)
    assert (now := next_holder(holder, other, None, BEGIN)) == ("a", Pending("b", BEGIN))
    assert (now := next_holder(holder, other, now[1], BEGIN + DAY - SOON)) == ("a", Pending("b", BEGIN))
    assert next_holder(holder, other, now[1], BEGIN + DAY) == ("b", None)


def test_an_event_that_comes_late_confirms_nothing_and_ends_nothing() -> None:
    pending = Pending("b", BEGIN)
    assert next_holder(rating("a", 0.6), rating("b", 0.7), pending, BEGIN - 5 * DAY) == ("a", pending)


@pytest.mark.parametrize("between", [rating("a", 0.7), rating("b", 0.69), rating("a", 0.6, 0.4)])
def test_any_evaluation_between_that_does_not_agree_ends_it(between: Rating) -> None:
    holder = between if between.persona == "a" else rating("a", 0.6)
    best = candidate([between], "a")
    assert next_holder(holder, best, Pending("b", BEGIN), BEGIN + DAY) == ("a", None)


def test_another_candidate_begins_anew() -> None:
    later = BEGIN + DAY
    assert next_holder(rating("a", 0.6), rating("c", 0.9), Pending("b", BEGIN), later) == ("a", Pending("c", later))


def test_who_sinks_below_half_is_let_go_at_the_second_look_if_nobody_else_qualifies() -> None:
    holder = rating("a", 0.49)
    assert (now := next_holder(holder, None, None, BEGIN)) == ("a", Pending(None, BEGIN))
    assert next_holder(holder, None, now[1], BEGIN + SOON) == (None, None)
    assert next_holder(holder, rating("b", 0.51), now[1], BEGIN + DAY) == ("a", None)
    assert next_holder(rating("a", 0.5, 0.4), None, now[1], BEGIN + DAY) == ("a", None)


def test_a_candidate_that_was_pending_is_not_nobody() -> None:
    later = BEGIN + DAY
    assert next_holder(rating("a", 0.4), None, Pending("b", BEGIN), later) == ("a", Pending(None, later))


def test_the_vectors_decisions() -> None:
    ratings = by_name(*of_vector())
    best = candidate(list(ratings.values()), None)
    assert next_holder(None, best, None, BEGIN) == ("A", None)
    assert next_holder(ratings["B"], best, None, BEGIN) == ("B", None)
    first, pending = next_holder(ratings["C"], best, None, BEGIN)
    second, _ = next_holder(ratings["C"], best, pending, BEGIN + timedelta(hours=24))
    assert (first, second) == ("C", "A")
