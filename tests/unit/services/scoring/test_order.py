"""Totals do not depend on order: any permutation, duplication and split into batches gives the reference's counts."""

import random
from collections import Counter
from datetime import timedelta
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference
from tests.histories import BEGIN, histories
from tests.programmes import RETAIL
from tests.unit.services.scoring.memory import Memory

LATER = BEGIN + timedelta(days=30)


def scored(batches: list[list[dict[str, Any]]], *, fire_between: bool = False) -> Memory:
    memory = Memory(RETAIL)
    for batch in batches:
        memory.fold(batch, BEGIN)
        if fire_between:
            memory.fire(LATER)
    memory.fire(LATER)
    return memory


def present(counts: Counter[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    return {cell: n for cell, n in counts.items() if n}


@settings(max_examples=400, deadline=None)
@given(history=histories(), seed=st.integers(0, 2**32), pieces=st.integers(1, 6), fire_between=st.booleans())
def test_any_order_gives_the_reference(
    history: list[dict[str, Any]], seed: int, pieces: int, fire_between: bool
) -> None:
    expected = present(reference.counts(history, LATER))
    shuffler = random.Random(seed)
    sent = history + shuffler.sample(history, len(history) // 2)  # half of them twice
    shuffler.shuffle(sent)
    size = max(1, len(sent) // pieces)
    batches = [sent[begin : begin + size] for begin in range(0, len(sent), size)]
    assert present(scored(batches, fire_between=fire_between).counts) == expected


@settings(max_examples=150, deadline=None)
@given(history=histories(25), seed=st.integers(0, 2**32))
def test_state_does_not_depend_on_order_either(history: list[dict[str, Any]], seed: int) -> None:
    shuffled = random.Random(seed).sample(history, len(history))
    one, other = scored([history]).state(), scored([[event] for event in shuffled]).state()
    for state in (one, other):
        for customer in state["customers"].values():
            del customer["since"]  # when the first event was folded: order of folding, by design
        for run in state["instances"].values():
            for book in run.get("promises", {}).values():
                for name in ("opened", "closed", "fired"):
                    book[name] = sorted(book.get(name, []))
    assert one == other


def part(name: str, minutes: int, **data: Any) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": name, "source": "urn:survey", "type": "voc.feedback", "subject": "ana"}
    return head | {"time": (BEGIN + timedelta(minutes=minutes)).isoformat(), "data": {"response": "r"} | data}


def test_an_instance_that_an_answer_only_passed_through_is_not_left_behind() -> None:
    moved = part("a", 3, instance="2")
    step = part("b", 2, touchpoint="parcel-arrives")
    answer = part("c", 1, instance="1", answers=[{"metric": "csat", "score": 4}])
    for order in permutations([moved, step, answer]):
        kept = scored([[event] for event in order]).state()["instances"]
        assert [key[2] for key in kept] == ["2"], [event["id"] for event in order]
