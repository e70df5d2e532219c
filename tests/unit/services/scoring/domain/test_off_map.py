"""A response is off the map while all its parts together name no step: once, and taken back when a later one does."""

from itertools import permutations

import msgspec

from services.scoring.adapters.programmes import Reading
from services.scoring.domain.arrival import arrive
from services.scoring.domain.off_map import how_many
from shared.events.read import read
from shared.programme.history import Version
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


def test_those_are_told_that_are_off_the_map_by_themselves() -> None:
    documents = [
        document("step", "interaction", 1, touchpoint="chat", action="asked"),
        document("none", "interaction", 1, action="danced"),
        document("asking", "interaction", 1, action="survey-invited"),
        document("who", "profile", 1, attributes={"tier": "gold"}),
        part("a", 1, answers=CSAT),
    ]
    rules_at = Reading((Version(1, None, BEGIN, "", RETAIL),), {}).at
    arrivals = [arrive(read(msgspec.json.encode(one)), BEGIN, rules_at) for one in documents]
    assert how_many(arrivals) == 1
