"""A worker that died and is started again under its slot reads on at once: nobody waits for Kafka's patience to end."""

import asyncio
import time
from datetime import UTC, datetime

from deploy.local.server import Server
from tests import reference, road
from tests.faults.conftest import StartScoring
from tests.faults.group import held, until_shared
from tests.faults.progress import folded
from tests.orders import orders
from tests.processes import eventually
from tests.programmes import RETAIL

READS_WITHIN = 5.0  # seconds from its start; Kafka would give its partitions away after ten
EVENTS = orders(1200, seed=6)


async def test_a_killed_worker_started_again_reads_within_five_seconds(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    workers = [scoring(slot) for slot in (0, 1)]
    for worker in workers:
        await asyncio.to_thread(worker.start)
    await until_shared(*workers)
    mine = held(workers[0])
    records = road.records(EVENTS)
    await road.produce(kafka.address, records[: len(records) // 2])
    await road.until_folded(kafka.address, database, within=30, what=workers[0].tail)

    await asyncio.to_thread(workers[0].kill)
    await road.produce(kafka.address, records[len(records) // 2 :])
    began = time.monotonic()
    await asyncio.to_thread(workers[0].start)
    await asyncio.to_thread(eventually, lambda: folded(workers[0]), within=READS_WITHIN, what=workers[0].tail)
    assert held(workers[0]) == mine, f"after {time.monotonic() - began:.1f} s"
    await road.until_counts(database, reference.counts(EVENTS, datetime.now(UTC)), within=60, what=workers[0].tail)
