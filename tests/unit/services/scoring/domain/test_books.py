"""A promise stands in the instance of its own journey, whichever field tells those apart and says when it is due."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

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
