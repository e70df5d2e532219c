"""Partitions that appear while nobody of the group watches for them are read all the same."""

import asyncio
from datetime import UTC, datetime

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from deploy.local.server import Server
from shared.kafka.topics import EVENTS
from tests import reference, road
from tests.faults.conftest import StartScoring
from tests.faults.group import held
from tests.orders import orders
from tests.programmes import RETAIL

HISTORY = orders(300, seed=9)
MORE = 7


async def test_partitions_added_after_the_only_worker_was_restarted_are_read(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    """Restarted, a static member that led the group is not told that it leads, and would not look for them."""
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    worker = scoring()
    await asyncio.to_thread(worker.start)
    await asyncio.to_thread(worker.ready)
    await road.produce(kafka.address, road.records(HISTORY[:100]))
    await road.until_folded(kafka.address, database, within=30, what=worker.tail)
    await asyncio.to_thread(worker.kill)
    await asyncio.to_thread(worker.start)
    await asyncio.to_thread(worker.ready)

    await add_partitions(kafka.address)
    await road.produce(kafka.address, road.records(HISTORY), MORE)
    await road.until_counts(database, reference.counts(HISTORY, datetime.now(UTC)), within=60, what=worker.tail)
    assert held(worker) == list(range(MORE))


async def add_partitions(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_partitions({EVENTS.name: NewPartitions(total_count=MORE)})
    finally:
        await admin.close()
