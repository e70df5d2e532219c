"""Rule S1 (domain.md §4.1): worsening needs proof by an interval, recovery a clear figure held for some ticks.

Everything here is in a space where high is good: for durations, where low is good, `mirrored` turns figures and
thresholds round.
"""

from datetime import datetime, timedelta
from math import inf
from typing import Literal, NamedTuple

import msgspec

from shared.metrics.worst import GREEN, RED, UNKNOWN, YELLOW

VERSION = "S1.1"
"""Written into every decision: which rule has taken it. Raise it when the same evidence would be decided otherwise."""

Direction = Literal["worse", "better"]
_RANK = {RED: 0, YELLOW: 1, GREEN: 2}


class Thresholds(NamedTuple):
    """Below `red` is red, below `green` is yellow; better is only what is its margin above its threshold."""

    green: float
    red: float
    green_margin: float
    red_margin: float
    worse_ticks: int
    better_ticks: int


class Proof(NamedTuple):
    """What a sufficient window says: the figure, its lower bound L and the least of the upper bounds, U*."""

    value: float
    lower: float
    upper: float

    def mirrored(self) -> "Proof":
        return Proof(-self.value, -self.upper, -self.lower)


class State(msgspec.Struct, frozen=True):
    """A measure between two ticks. `count` ticks in a row have pointed in `direction` without a move yet.

    `sufficient_at`: the last tick that had answers enough.
    """

    status: str = UNKNOWN
    direction: Direction | None = None
    count: int = 0
    sufficient_at: datetime | None = None


class Decision(NamedTuple):
    """The state after the tick, and why: a named reason."""

    state: State
    reason: Literal["initial", "hold", "pending", "transition", "insufficient", "lapsed"]


def tick(state: State, proof: Proof | None, thresholds: Thresholds, *, at: datetime, window: timedelta) -> Decision:
    """One tick. `proof` is None where the long window has fewer answers than the measure wants."""
    if proof is None:
        return _insufficient(state, at, window)
    if state.status == UNKNOWN:
        return Decision(State(_first(proof, thresholds), sufficient_at=at), "initial")
    target = _target(state.status, proof, thresholds)
    if target is None:
        return Decision(State(state.status, sufficient_at=at), "hold")
    direction: Direction = "worse" if _RANK[target] < _RANK[state.status] else "better"
    count = state.count + 1 if state.direction == direction else 1
    if count < (thresholds.worse_ticks if direction == "worse" else thresholds.better_ticks):
        return Decision(State(state.status, direction, count, at), "pending")
    return Decision(State(target, sufficient_at=at), "transition")


def _insufficient(state: State, at: datetime, window: timedelta) -> Decision:
    if state.status != UNKNOWN and state.sufficient_at is not None and at - state.sufficient_at >= 2 * window:
        return Decision(State(), "lapsed")
    return Decision(State(state.status, sufficient_at=state.sufficient_at), "insufficient")


def _first(proof: Proof, thresholds: Thresholds) -> str:
    if proof.value < thresholds.red and proof.upper < thresholds.red:
        return RED
    return GREEN if proof.value >= thresholds.green else YELLOW


def _target(status: str, proof: Proof, thresholds: Thresholds) -> str | None:
    """Where the evidence points, None to stay. Red never turns green in one move."""
    if status != RED and proof.upper < thresholds.red:
        return RED
    if status == GREEN and proof.upper < thresholds.green:
        return YELLOW
    if status == YELLOW and _clear(proof, thresholds.green, thresholds.green_margin) and proof.lower >= thresholds.red:
        return GREEN
    if status == RED and _clear(proof, thresholds.red, thresholds.red_margin):
        return YELLOW
    return None


def _clear(proof: Proof, threshold: float, margin: float) -> bool:
    return proof.value >= threshold + margin and proof.upper >= threshold


def unbounded(limit: float | None, *, side: int) -> float:
    """A limit that is not to be known proves nothing: it is infinitely far on its side (−1 below, 1 above)."""
    return side * inf if limit is None else limit
