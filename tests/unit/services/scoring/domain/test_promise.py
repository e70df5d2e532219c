"""Promises without an instance share one book: settled once a batch, in a time that grows as the book does."""

import sys
from datetime import timedelta
from types import FrameType
from typing import Any

import msgspec

from tests.histories import BEGIN
from tests.programmes import RETAIL
from tests.unit.services.scoring.memory import Memory


def orders(count: int) -> list[dict[str, Any]]:
    return [event(f"{action}-{n}", action, n) for n in range(count) for action in ("placed", "delivered")]


def event(name: str, action: str, minutes: int) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": name, "source": "urn:shop", "type": "voc.interaction", "subject": "ana"}
    data = {"action": action, "promised_at": "2026-04-10"}
    return head | {"time": (BEGIN + timedelta(minutes=minutes)).isoformat(), "data": data}


def calls_of(batch: list[dict[str, Any]]) -> int:
    """How many of Python's functions are called to fold one batch."""
    memory, calls = Memory(RETAIL), 0
    documents = [msgspec.json.encode(one) for one in batch]

    def count(_: FrameType, what: str, __: Any) -> None:
        nonlocal calls
        calls += what == "call"

    sys.setprofile(count)
    try:
        memory.fold(documents, BEGIN)
    finally:
        sys.setprofile(None)
    return calls


def test_twice_the_events_of_one_customer_are_twice_the_work() -> None:
    assert calls_of(orders(200)) < 2.2 * calls_of(orders(100))


def test_a_closing_before_every_opening_waits_for_one_that_comes_late() -> None:
    memory = Memory(RETAIL)
    memory.fold([event("closing", "delivered", 5)], BEGIN)
    memory.fold([event("opening", "placed", 4)], BEGIN)
    kept = {cell: n for cell, n in memory.counts.items() if "promise_kept" in cell and n}
    assert [cell[-1] for cell in kept] == [1]


def test_within_an_instance_a_closing_keeps_what_its_clock_says_was_promised_later() -> None:
    memory = Memory(RETAIL)
    for one in (event("opening", "placed", 5), event("closing", "delivered", 4)):
        one["data"]["instance"] = "1"
        memory.fold([one], BEGIN)
    kept = {cell: n for cell, n in memory.counts.items() if "promise_kept" in cell and n}
    assert [cell[-1] for cell in kept] == [1]
