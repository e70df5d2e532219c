"""Totals do not depend on order: any permutation, duplication and split into batches gives the reference's counts."""

import random
from collections import Counter
from datetime import timedelta
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference
from tests.histories import BEGIN, histories, stays
from tests.personas import SORTED
from tests.programmes import RETAIL, STAYS
from tests.unit.services.scoring.documents import part
from tests.unit.services.scoring.memory import Memory

LATER = BEGIN + timedelta(days=30)


def scored(batches: list[list[dict[str, Any]]], *, fire_between: bool = False) -> Memory:
    return folded(Memory(RETAIL), batches, fire_between=fire_between)


def folded(memory: Memory, batches: list[list[dict[str, Any]]], *, fire_between: bool = False) -> Memory:
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


@settings(max_examples=200, deadline=None)
@given(history=histories(), seed=st.integers(0, 2**32), fire_between=st.booleans())
def test_totals_do_not_depend_on_order_where_personas_do(
    history: list[dict[str, Any]], seed: int, fire_between: bool
) -> None:
    """Which persona an answer counts with follows the order of folding; how many there are does not."""
    shuffled = random.Random(seed).sample(history, len(history))
    one = folded(Memory(SORTED), [history])
    other = folded(Memory(SORTED), [[event] for event in shuffled], fire_between=fire_between)
    expected = whole(present(reference.counts(history, LATER)))
    assert whole(present(one.counts)) == whole(present(other.counts)) == expected
    for customer in one.state()["customers"]:
        assert learnt(one, customer) == learnt(other, customer)


def whole(counts: dict[tuple[Any, ...], int]) -> Counter[tuple[Any, ...]]:
    """Counts of all personas together."""
    total: Counter[tuple[Any, ...]] = Counter()
    for (*series, persona, channel, quarter, value), n in counts.items():
        total[(*series, persona == "none", channel, quarter, value)] += n
    return total


def learnt(memory: Memory, customer: str) -> dict[str, Any]:
    """What personas are decided by."""
    state = memory.state()["customers"][customer]
    kept = ("first_at", "attributes", "actions", "channels", "amounts", "scores", "outcomes", "promises_missed")
    return {name: state.get(name) for name in kept}


@settings(max_examples=150, deadline=None)
@given(history=histories(25), seed=st.integers(0, 2**32))
def test_state_does_not_depend_on_order_either(history: list[dict[str, Any]], seed: int) -> None:
    shuffled = random.Random(seed).sample(history, len(history))
    assert lasting(scored([history])) == lasting(scored([[event] for event in shuffled]))


@settings(max_examples=300, deadline=None)
@given(history=stays(), seed=st.integers(0, 2**32), fire_between=st.booleans())
def test_nor_where_unusual_fields_decide_and_the_programme_changes(
    history: list[dict[str, Any]], seed: int, fire_between: bool
) -> None:
    shuffled = random.Random(seed).sample(history, len(history))
    one = folded(changing(), [history])
    other = folded(changing(), [[event] for event in shuffled], fire_between=fire_between)
    assert present(one.counts) == present(other.counts)
    assert lasting(one) == lasting(other)


def changing() -> Memory:
    """After a day the retail programme is replaced, and replaced again by what held before."""
    day = timedelta(days=1)
    return Memory(STAYS, (BEGIN + day, RETAIL), (BEGIN + 2 * day, STAYS))


def lasting(memory: Memory) -> dict[str, dict[Any, Any]]:
    """All that is kept and must not depend on order."""
    state = memory.state()
    for customer in state["customers"].values():
        del customer["since"], customer["decided"]  # order of folding, by design
    for run in state["instances"].values():
        for book in run.get("promises", {}).values():
            book.pop("fired", None)  # a timer that fires before the proof comes leaves a trace, and no more
            for name in ("opened", "closed"):
                book[name] = sorted(book.get(name, []))
    return state


def test_an_instance_that_an_answer_only_passed_through_is_not_left_behind() -> None:
    moved = part("a", 3, instance="2")
    step = part("b", 2, touchpoint="parcel-arrives")
    answer = part("c", 1, instance="1", answers=[{"metric": "csat", "score": 4}])
    for order in permutations([moved, step, answer]):
        kept = scored([[event] for event in order]).state()["instances"]
        assert [key[2] for key in kept] == ["2"], [event["id"] for event in order]
