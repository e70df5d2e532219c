"""How far a value is in what a condition asks for: 0 to 1 (domain.md P1)."""

from collections.abc import Callable, Sequence
from typing import Any

from shared.programme.model import Condition, Scalar

Membership = Callable[[Any], float]
"""Of a value that is known; one of another kind than the condition is about is not in it: 0."""

HALF = 0.5


def membership(condition: Condition) -> Membership:
    """A flag of 0 or 1 for `at_least`, `at_most`, `in` and `is`; a ramp from 0 to 1 for `from` and `to`."""
    if condition.start is not None and condition.end is not None:
        return _ramp(condition.start, condition.end)
    if condition.one_of is not None:
        return among(condition.one_of)
    if condition.equals is not None:
        return among((condition.equals,))
    return _between(condition.at_least, condition.at_most)


def holds(condition: Condition) -> Callable[[Any], bool]:
    """Whether a gate's condition holds for a value that is known: a ramp does from its middle on."""
    inside = membership(condition)
    return lambda value: inside(value) >= HALF


def _number(value: Any) -> bool:
    return value.__class__ is float or value.__class__ is int


def _between(low: float | None, high: float | None) -> Membership:
    least = float("-inf") if low is None else low
    most = float("inf") if high is None else high
    return lambda value: 1.0 if _number(value) and least <= value <= most else 0.0


def among(allowed: Sequence[Scalar]) -> Membership:
    """Equality as JSON knows it: true is not 1."""
    wanted = [(option, isinstance(option, bool)) for option in allowed]

    def inside(value: Any) -> float:
        truth = isinstance(value, bool)
        return 1.0 if any(truth is also and value == option for option, also in wanted) else 0.0

    return inside


def _ramp(start: float, end: float) -> Membership:
    """0 at `start`, 1 at `end`, straight between: it falls with the value where `start` is the greater.

    Compared before it is divided: an event may hold a whole number that no float can.
    """
    span = end - start

    def inside(value: Any) -> float:
        if not _number(value) or (value <= start if span > 0 else value >= start):
            return 0.0
        return 1.0 if (value >= end if span > 0 else value <= end) else (value - start) / span

    return inside
