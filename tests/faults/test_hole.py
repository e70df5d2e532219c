"""Records that a consumer hands on with some missing are not folded: they are read again from what is stored."""

import asyncio
from datetime import UTC, datetime

import pytest

from deploy.local.server import Server
from services.scoring.bootstrap import scoring
from services.scoring.settings import Settings
from tests import reference, road
from tests.orders import orders
from tests.programmes import RETAIL

HISTORY = orders(300, seed=10)
LOST = 5  # of each partition


async def test_records_that_the_consumer_loses_are_read_again(
    kafka: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOC_KAFKA_BOOTSTRAP_SERVERS", kafka.address)
    monkeypatch.setenv("VOC_DATABASE_URL", database)
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    records = road.records(HISTORY)
    async with scoring(Settings()) as service:
        work = asyncio.create_task(service.run())
        await road.produce(kafka.address, records[: len(records) // 2])
        await road.until_counts(database, reference.counts(HISTORY[: len(records) // 2], datetime.now(UTC)), within=60)
        assert service._worker is not None
        consumer = service._worker._consumer
        mine = consumer.assignment()
        consumer.pause(*mine)
        await road.produce(kafka.address, records[len(records) // 2 :])
        for partition in mine:
            consumer.seek(partition, await consumer.position(partition) + LOST)
        consumer.resume(*mine)
        await road.until_counts(database, reference.counts(HISTORY, datetime.now(UTC)), within=60)
        assert service._worker.halted == {}
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
