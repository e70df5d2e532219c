"""A promise is declared missed only when everything that was in Kafka by then is folded, wherever it lies."""

import asyncio
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.server import Server
from shared.kafka.partition import partition_of
from shared.kafka.topics import EVENTS
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.group import held, until_shared
from tests.programmes import RETAIL


async def test_a_promise_is_missed_only_when_all_partitions_are_applied_and_kept_when_the_proof_comes_late(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    workers = [scoring(slot, VOC_SCORING_TIMER_SECONDS="0.2", VOC_SCORING_SESSION_SECONDS="60") for slot in (0, 1)]
    for worker in workers:
        await asyncio.to_thread(worker.start)
    await until_shared(*workers)
    mine, others = customer_in(held(workers[0])), customer_in(held(workers[1]))
    due = datetime.now(UTC) + timedelta(seconds=8)
    await road.produce(kafka.address, road.records([placed(mine, due), placed("crm:kept", due)]))
    await road.until_folded(kafka.address, database, within=20)

    workers[1].signal(signal.SIGSTOP)
    await road.produce(kafka.address, road.records([placed(others, due)]))
    assert datetime.now(UTC) < due, "the machine was too slow for this test to say anything"
    await asyncio.sleep((due - datetime.now(UTC)).total_seconds() + 4)  # twenty looks at the clock that are past due
    assert await promises(database) == {mine: "open", "crm:kept": "open"}, "fired although a partition is behind"

    workers[1].signal(signal.SIGCONT)
    await until_promises(database, {mine: "missed", others: "missed", "crm:kept": "missed"}, what=workers[0].tail)
    missed = await road.counts(database)
    assert sum(n for cell, n in missed.items() if cell[3] == "promise_kept" and cell[-1] == 0) == 3

    await road.produce(kafka.address, road.records([delivered("crm:kept", due - timedelta(seconds=1))]))
    await until_promises(database, {mine: "missed", others: "missed", "crm:kept": "kept"}, what=workers[0].tail)
    settled = await road.counts(database)
    assert sum(n for cell, n in settled.items() if cell[3] == "promise_kept" and cell[-1] == 0) == 2
    assert sum(n for cell, n in settled.items() if cell[3] == "promise_kept" and cell[-1] == 1) == 1
    rows = await road.fetch(database, "select customer from scoring.timeline where source = 'voc:scoring'")
    assert sorted(row["customer"] for row in rows) == sorted([mine, others, "crm:kept"])


def customer_in(partitions: list[int]) -> str:
    """A customer whose events go to one of these partitions."""
    names = (f"crm:{number}" for number in range(1000))
    return next(name for name in names if partition_of(name.encode(), EVENTS.partitions) in partitions)


def placed(who: str, due: datetime) -> dict[str, Any]:
    return event(who, due - timedelta(days=1), {"action": "placed", "promised_at": due.isoformat()})


def delivered(who: str, at: datetime) -> dict[str, Any]:
    return event(who, at, {"action": "delivered"})


def event(who: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": f"{who}-{data['action']}", "source": "urn:shop", "type": "voc.interaction"}
    return head | {"subject": who, "time": at.isoformat(), "data": {"instance": "1", **data}}


async def promises(database: str) -> dict[str, str]:
    """The state of each customer's promise."""
    return {row["customer"]: row["state"] for row in await road.fetch(database, "select * from scoring.read_promises")}


async def until_promises(database: str, expected: dict[str, str], *, what: Callable[[], str]) -> None:
    async def so() -> bool:
        return await promises(database) == expected

    await road.until(so, within=30, what=what)
