"""A worker that hangs, between two transactions or inside one, while its partitions go to another; then it wakes up."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from deploy.local.server import Server
from tests import reference, road
from tests.faults.conftest import StartScoring
from tests.faults.group import held, until_shared
from tests.faults.outcome import repeated_rows
from tests.faults.progress import folded
from tests.faults.sessions import folding
from tests.faults.topic import delete_topic
from tests.orders import orders
from tests.processes import Service
from tests.programmes import RETAIL

BEFORE, MEANWHILE, AFTER = orders(2500, seed=1), orders(700, seed=2), orders(300, seed=3)
for number, part in enumerate((BEFORE, MEANWHILE, AFTER)):
    for event in part:
        event["id"] += f"-{number}"

Freeze = Callable[[str, Service, int], Awaitable[None]]

SUCCESSION = 15.0  # seconds, of which ten are Kafka's patience with the silent one


async def freeze_between(database: str, worker: Service, slot: int) -> None:
    """SIGSTOP while it has no transaction open."""
    await stop_when(database, worker, slot, lambda states: not states)


async def freeze_inside(database: str, worker: Service, slot: int) -> None:
    """SIGSTOP while its folding transaction is open and waits for it."""
    await stop_when(database, worker, slot, lambda states: states == ["idle in transaction"])


async def stop_when(database: str, worker: Service, slot: int, holds: Callable[[list[str]], bool]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if holds(await folding(database, slot)):
            worker.signal(signal.SIGSTOP)  # Kafka's patience begins with its last heartbeat, not later than here
            await asyncio.sleep(0.1)  # what it had sent is done by then
            if holds(await folding(database, slot)):
                return
            worker.signal(signal.SIGCONT)
    raise AssertionError(f"it was never seen so: {worker.tail()}")


@pytest.mark.parametrize("freeze", [freeze_between, freeze_inside])
async def test_a_frozen_worker_is_succeeded_and_writes_nothing_when_it_wakes(
    kafka: Server, database: str, scoring: StartScoring, freeze: Freeze
) -> None:
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    frozen, successor = scoring(0, VOC_SCORING_BATCH="1000"), scoring(1)
    for worker in (frozen, successor):
        await asyncio.to_thread(worker.start)
    await until_shared(frozen, successor)
    await road.produce(kafka.address, road.records(BEFORE))
    await freeze(database, frozen, 0)
    since = time.monotonic()
    left = held(frozen)
    before = await offsets(database, left)
    await road.produce(kafka.address, road.records(MEANWHILE))
    within = SUCCESSION - (time.monotonic() - since)
    await until_moved_on(database, left, before, within=within, what=successor.tail)
    expected = reference.counts(BEFORE + MEANWHILE, datetime.now(UTC))
    await road.until_counts(database, expected, within=60, what=successor.tail)

    frozen.signal(signal.SIGCONT)
    await until_shared(frozen, successor)
    assert await road.counts(database) == expected, "woken, it wrote what was not its own any more"
    await road.produce(kafka.address, road.records(AFTER))
    expected = reference.counts(BEFORE + MEANWHILE + AFTER, datetime.now(UTC))
    await road.until_counts(database, expected, within=60, what=lambda: frozen.tail() + successor.tail())
    assert await repeated_rows(database) == 0
    assert await asyncio.to_thread(folded, frozen) > 0
    await delete_topic(kafka.address)


async def until_moved_on(
    database: str, partitions: list[int], before: list[int], *, within: float, what: Callable[[], str]
) -> None:
    """Wait until somebody has folded events of these partitions beyond `before`."""

    async def moved() -> bool:
        return await offsets(database, partitions) != before

    await road.until(moved, within=within, what=what)


async def offsets(database: str, partitions: list[int]) -> list[int]:
    rows = await road.fetch(
        database,
        "select next_offset from scoring.offsets where partition = any($1::int[]) order by partition",
        partitions,
    )
    return [row["next_offset"] for row in rows]
