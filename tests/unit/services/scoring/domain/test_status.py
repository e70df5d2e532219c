"""Rule S1: the vector, and each of its named reasons."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.scoring.domain.status import Decision, Proof, State, Thresholds, tick
from shared.metrics.confidence import ONE_SIDED_95, TWO_SIDED_95
from shared.metrics.proportion import wilson

VECTOR = Path(__file__).parents[4] / "golden" / "status.json"
AT = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
WINDOW = 28 * DAY
CSAT = Thresholds(0.8, 0.65, 0.02, 0.02, 2, 3)


def proof(long: tuple[int, int], short: tuple[int, int]) -> Proof | None:
    """As the vector means it: (favourable, n) of both windows."""
    part, n = long
    if n < 30:
        return None
    lower, upper = wilson(part, n, level=ONE_SIDED_95)
    if short[1] >= 20:
        upper = min(upper, wilson(*short, level=TWO_SIDED_95)[1])
    return Proof(part / n, lower, upper)


def said(decision: Decision) -> str:
    if decision.reason == "pending":
        return f"pending {decision.state.direction} {decision.state.count}"
    return decision.reason


def test_the_vector_of_the_status_machine() -> None:
    known = json.loads(VECTOR.read_text(encoding="utf-8"))
    state, at = State(), AT
    for (long, short), expected in zip(known["input"]["ticks"], known["expected"], strict=True):
        found = proof(tuple(long), tuple(short))
        decision = tick(state, found, CSAT, at=at, window=WINDOW)
        assert (decision.state.status, said(decision)) == (expected["state"], expected["note"])
        if found is not None:
            assert found == pytest.approx((expected["x"], expected["L"], expected["U_star"]), abs=known["tolerance"])
        state, at = decision.state, at + DAY


def test_red_by_the_point_alone_does_not_begin_red() -> None:
    assert tick(State(), Proof(0.6, 0.5, 0.7), CSAT, at=AT, window=WINDOW).state.status == "yellow"


def test_red_never_turns_green_in_one_move() -> None:
    state = State("red", sufficient_at=AT)
    moves = []
    for day in range(1, 8):
        state = tick(state, Proof(0.95, 0.9, 0.99), CSAT, at=AT + day * DAY, window=WINDOW).state
        moves.append(state.status)
    assert moves == ["red", "red", "yellow", "yellow", "yellow", "green", "green"]


def test_a_tick_without_answers_enough_keeps_the_status_and_forgets_the_count() -> None:
    pending = tick(State("green", sufficient_at=AT), Proof(0.6, 0.5, 0.62), CSAT, at=AT, window=WINDOW).state
    assert (pending.direction, pending.count) == ("worse", 1)
    kept = tick(pending, None, CSAT, at=AT + DAY, window=WINDOW)
    assert (kept.reason, kept.state.status, kept.state.count) == ("insufficient", "green", 0)


def test_two_windows_without_answers_enough_are_unknown() -> None:
    state = State("red", sufficient_at=AT)
    held = tick(state, None, CSAT, at=AT + 2 * WINDOW - DAY, window=WINDOW)
    lapsed = tick(held.state, None, CSAT, at=AT + 2 * WINDOW, window=WINDOW)
    assert (held.state.status, lapsed.state.status, lapsed.reason) == ("red", "unknown", "lapsed")


def test_where_low_is_good_the_proof_is_turned_round() -> None:
    slow = Thresholds(-1800, -7200, 90, 360, 2, 3)
    late = Proof(9000.0, 8000.0, 11000.0).mirrored()
    assert tick(State(), late, slow, at=AT, window=WINDOW).state.status == "red"
    quick = Proof(900.0, 800.0, 1000.0).mirrored()
    assert tick(State(), quick, slow, at=AT, window=WINDOW).state.status == "green"
