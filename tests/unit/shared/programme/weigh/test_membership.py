"""Conditions: flags, ramps both ways, and values of another kind."""

from typing import Any

import pytest

from shared.programme.model import Condition
from shared.programme.weigh.membership import holds, membership


def degree(value: Any, **words: Any) -> float:
    return membership(Condition(feature="attribute.x", **words))(value)


@pytest.mark.parametrize(
    ("words", "inside", "outside"),
    [
        ({"at_least": 3}, [3, 3.0, 4], [2.99, "3", True, None, [3]]),
        ({"at_most": 3}, [3, -1], [3.01, "2", False]),
        ({"at_least": 1, "at_most": 3}, [1, 2, 3], [0.9, 3.1]),
        ({"equals": True}, [True], [1, "true", False]),
        ({"equals": 1}, [1, 1.0], [True, "1"]),
        ({"equals": "gold"}, ["gold"], ["Gold", ["gold"], 0]),
        ({"one_of": ("gold", 7, False)}, ["gold", 7, 7.0, False], ["silver", 0, True, None, {"gold": 1}]),
    ],
)
def test_a_flag_is_one_or_none(words: dict[str, Any], inside: list[Any], outside: list[Any]) -> None:
    assert [degree(value, **words) for value in inside] == [1] * len(inside)
    assert [degree(value, **words) for value in outside] == [0] * len(outside)


def test_a_ramp_rises_with_the_value() -> None:
    assert [degree(x, start=10, end=20) for x in (5, 10, 12.5, 20, 99)] == [0, 0, 0.25, 1, 1]


def test_a_ramp_falls_with_the_value_where_it_starts_at_the_greater_end() -> None:
    assert [degree(x, start=20, end=10) for x in (5, 10, 17.5, 20, 99)] == [1, 1, 0.25, 0, 0]


def test_nothing_but_a_number_is_on_a_ramp() -> None:
    assert [degree(x, start=0, end=1) for x in ("1", True, None, [1])] == [0, 0, 0, 0]


@pytest.mark.parametrize(("start", "end"), [(0, 1), (1, 0)])
def test_a_number_that_no_float_can_hold_is_at_the_end_of_a_ramp(start: float, end: float) -> None:
    assert [degree(x, start=start, end=end) for x in (10**400, -(10**400))] == [end, start]


def test_as_a_gate_a_ramp_holds_from_its_middle_on() -> None:
    gate = holds(Condition(feature="tenure_days", start=0, end=10))
    assert [gate(x) for x in (4.9, 5, 10)] == [False, True, True]
