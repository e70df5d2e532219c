"""Parts of a response are matched together, by every field that the map asks for."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

from tests.histories import BEGIN
from tests.programmes import STAYS
from tests.unit.services.scoring.documents import part
from tests.unit.services.scoring.memory import Memory

CSAT = [{"metric": "csat", "score": 4}]


def folded(documents: Iterable[dict[str, Any]]) -> Memory:
    memory = Memory(STAYS)
    for one in documents:
        memory.fold([one], BEGIN)
    return memory


def counted(memory: Memory) -> list[tuple[str, str]]:
    return [(cell[1], cell[3]) for cell, n in memory.counts.items() if n]


def test_a_rule_on_a_field_that_no_contract_knows_holds_for_a_response_in_parts() -> None:
    for order in permutations([part("a", 1, house="berlin"), part("b", 2, answers=CSAT)]):
        assert counted(folded(order)) == [("house", "csat")]


def test_so_does_one_on_whether_the_questionnaire_was_finished() -> None:
    for order in permutations([part("a", 1, answers=CSAT), part("b", 2, complete=True)]):
        assert counted(folded(order)) == [("whole", "csat")]


def test_of_such_a_field_the_latest_stands_too() -> None:
    parts = [part("a", 1, house="berlin", answers=CSAT), part("b", 2, house="bonn"), part("c", 3, complete=True)]
    for order in permutations(parts):
        assert counted(folded(order)) == [("whole", "csat")]


def test_an_instance_may_be_told_by_a_field_within_a_field() -> None:
    for order in permutations([part("a", 1, booking={"no": "x"}), part("b", 2, touchpoint="room", answers=CSAT)]):
        runs = folded(order).state()["instances"]
        assert [(key[2], len(run["moments"])) for key, run in runs.items()] == [("x", 1)]


def test_what_cannot_stand_in_a_rule_is_not_kept() -> None:
    far = part("a", 1, house=["berlin"], booking={"no": 2**80}, touchpoint="room", answers=CSAT)
    assert counted(folded([far])) == [("room", "csat")]
