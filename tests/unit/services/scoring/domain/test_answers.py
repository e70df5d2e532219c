"""Whose answers they are: what an employee or a partner says of a customer's run is no score of the customer's."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import pytest

from tests.histories import BEGIN
from tests.personas import SORTED
from tests.unit.services.scoring.documents import document, part
from tests.unit.services.scoring.memory import Memory

ARRIVES = {"journey": "order-to-door", "instance": "1", "touchpoint": "parcel-arrives"}
OTHERS = pytest.mark.parametrize("whose", ["employee", "partner"])


def csat(score: int) -> list[dict[str, Any]]:
    return [{"metric": "csat", "score": score}]


def folded(documents: Iterable[dict[str, Any]]) -> Memory:
    memory = Memory(SORTED)
    for one in documents:
        memory.fold([one], BEGIN)
    return memory


def own(memory: Memory) -> dict[str, tuple[int, int, float]]:
    """How many answers the customer gave to each metric, their sum in hundredths, and the latest."""
    (customer,) = memory.state()["customers"].values()
    return {metric: tuple(scores[:3]) for metric, scores in customer.get("scores", {}).items()}


def moments(memory: Memory) -> int:
    return sum(len(run.get("moments", ())) for run in memory.state()["instances"].values())


def by_perspective(memory: Memory) -> dict[str, int]:
    return {cell[2]: n for cell, n in memory.counts.items() if n and cell[3] == "csat"}


@OTHERS
def test_anothers_answer_is_counted_as_his_and_is_neither_a_score_nor_a_moment_of_the_customer(whose: str) -> None:
    mine = document("a", "feedback", 0, **ARRIVES, answers=csat(4), perspective="customer")
    his = document("b", "feedback", 1, **ARRIVES, answers=csat(1), perspective=whose)
    for order in permutations([mine, his]):
        memory = folded(order)
        assert (own(memory), moments(memory)) == ({"csat": (1, 400, 4)}, 1)
        assert by_perspective(memory) == {"customer": 1, whose: 1}


@OTHERS
def test_so_it_is_in_parts_whichever_part_says_whose_it_is(whose: str) -> None:
    parts = [part("a", 0, **ARRIVES, answers=csat(1)), part("b", 1, perspective=whose), part("c", 2, answers=csat(2))]
    for order in permutations(parts):
        memory = folded(order)
        assert (own(memory), moments(memory), by_perspective(memory)) == ({}, 0, {whose: 1})


def test_it_is_the_customers_again_where_a_later_part_says_so() -> None:
    parts = [part("a", 0, **ARRIVES, answers=csat(2), perspective="employee"), part("b", 1, perspective="customer")]
    for order in permutations(parts):
        memory = folded(order)
        assert (own(memory), moments(memory), by_perspective(memory)) == ({"csat": (1, 200, 2)}, 1, {"customer": 1})
