"""A promise stands in the instance of its own journey, whichever field tells those apart and says when it is due."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import permutations
from typing import Any

import msgspec

from shared.programme.model import Programme
from tests.histories import BEGIN
from tests.programmes import STAYS
from tests.unit.services.scoring.documents import document
from tests.unit.services.scoring.memory import Memory

READY_AT = "2026-03-28T15:00:00+01:00"
BOOKED = document("booked", "interaction", 0, action="booked", booking={"no": 7, "ready_at": READY_AT})
READY = document("ready", "interaction", 90, action="room-ready", booking={"no": 7})


def folded(documents: Iterable[dict[str, Any]]) -> Memory:
    memory = Memory(STAYS)
    for one in documents:
        memory.fold([one], BEGIN)
    return memory


def promises(memory: Memory) -> dict[str, list[str]]:
    runs = memory.state()["instances"].items()
    return {key[2]: [p["state"] for p in run["promises"]["room"]["promises"]] for key, run in runs if "promises" in run}


def test_an_opening_that_is_no_step_itself_opens_in_the_instance_that_its_promise_is_kept_in() -> None:
    for order in permutations([BOOKED, READY]):
        assert promises(folded(order)) == {"7": ["kept"]}


def test_a_due_time_may_stand_in_any_field_of_the_opening() -> None:
    assert promises(folded([BOOKED])) == {"7": ["open"]}


def test_what_is_no_time_in_that_field_opens_no_promise() -> None:
    for ready_at in ("tomorrow", 5, None, {"day": READY_AT}):
        data = {"no": 7, "ready_at": ready_at}
        assert promises(folded([document("booked", "interaction", 0, action="booked", booking=data)])) == {}


def test_a_promise_counts_with_those_whose_journey_it_was_given_in() -> None:
    for perspective in ("employee", "partner", "customer"):
        memory = Memory(whose(perspective))
        memory.fold([BOOKED], BEGIN)
        memory.fire(BEGIN + timedelta(days=1))
        assert counted(memory) == {(perspective, 0): 1}
        memory.fold([READY], BEGIN)
        assert counted(memory) == {(perspective, 1): 1}


def test_a_customer_is_let_down_by_what_customers_were_promised_alone() -> None:
    for perspective, missed in (("employee", 0), ("partner", 0), ("customer", 1)):
        memory = Memory(whose(perspective))
        memory.fold([BOOKED], BEGIN)
        memory.fire(BEGIN + timedelta(days=1))
        (customer,) = memory.state()["customers"].values()
        assert customer.get("promises_missed", 0) == missed
        memory.fold([READY], BEGIN)
        (customer,) = memory.state()["customers"].values()
        assert customer.get("promises_missed", 0) == 0


def test_a_promise_of_before_there_were_perspectives_is_counted_as_it_was_and_taken_back_from_there() -> None:
    memory = Memory(whose("employee"))
    memory.fold([BOOKED], BEGIN)
    (key,) = memory._kept["instances"]
    row = memory.state()["instances"][key]
    book = row["promises"]["room"]
    book["opened"] = [opened[:4] for opened in book["opened"]]
    book["promises"] = [{k: v for k, v in promise.items() if k != "perspective"} for promise in book["promises"]]
    memory._kept["instances"][key] = msgspec.json.encode(row)
    memory.fire(BEGIN + timedelta(days=1))
    assert counted(memory) == {("customer", 0): 1}
    memory.fold([READY], BEGIN)
    assert counted(memory) == {("customer", 1): 1}


def test_a_promise_is_stored_the_same_whether_its_events_come_together_or_apart() -> None:
    together = Memory(STAYS)
    together.fold([BOOKED, READY], BEGIN)
    assert together._kept["instances"] == folded([BOOKED, READY])._kept["instances"]


def whose(perspective: str) -> Programme:
    stay = msgspec.structs.replace(STAYS.journeys[0], perspective=perspective)
    return msgspec.structs.replace(STAYS, journeys=(stay, *STAYS.journeys[1:]))


def counted(memory: Memory) -> dict[tuple[str, int], int]:
    """How many promises were kept (1) and missed (0), by perspective."""
    return {(cell[2], cell[-1]): n for cell, n in memory.counts.items() if n and cell[3] == "promise_kept"}
