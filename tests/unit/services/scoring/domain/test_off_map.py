"""A response is off the map while all its parts together name no step: once, and taken back when a later one does."""

from itertools import permutations

from tests.histories import BEGIN
from tests.programmes import RETAIL
from tests.unit.services.scoring.documents import document, part
from tests.unit.services.scoring.memory import Memory

CSAT = [{"metric": "csat", "score": 4}]


def metrics(memory: Memory) -> list[tuple[str, int]]:
    return sorted((cell[3], n) for cell, n in memory.counts.items() if n)


def test_the_comment_that_follows_an_answer_is_where_its_answer_is() -> None:
    for order in permutations([part("a", 1, touchpoint="chat", answers=CSAT), part("b", 20, comment="fine")]):
        memory = Memory(RETAIL)
        for one in order:
            memory.fold([one], BEGIN)
        assert metrics(memory) == [("csat", 1)]


def test_a_response_without_a_step_is_one_however_many_parts_it_has() -> None:
    memory = Memory(RETAIL)
    memory.fold([part("a", 20, answers=CSAT), part("b", 1, comment="fine", channel="web")], BEGIN)
    memory.fold([document("c", "feedback", 1, answers=CSAT)], BEGIN)
    assert metrics(memory) == [("off_map", 1), ("off_map", 1)]
