"""Stores the crowd's events in `voc.events`, in order of time and partitioned as ingest does it."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaProducer
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from bench.crowd import records
from bench.stack import Stack
from shared.clock import now
from shared.kafka.connection import KafkaSettings
from shared.kafka.create import ensure_topics
from shared.kafka.partition import partition_of
from shared.kafka.topics import EVENTS
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme.model import Programme
from shared.programme.store import apply


def fill(stack: Stack, total: int, *, customers: int) -> None:
    """Make the topics and produce the crowd."""
    asyncio.run(_fill(stack.kafka.address, total, customers))


def prepare(database: str, programme: Programme) -> None:
    """Apply a programme to an empty database."""
    assert make_url(database).database
    asyncio.run(_apply(database, programme))


async def _fill(bootstrap: str, total: int, customers: int) -> None:
    await ensure_topics(KafkaSettings(bootstrap_servers=bootstrap))
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=500_000
    ) as producer:
        builders = [producer.create_batch() for _ in range(EVENTS.partitions)]
        sent: list[Any] = []
        for key, value in records(0, total, total=total, customers=customers):
            partition = partition_of(key, EVENTS.partitions)
            if builders[partition].append(timestamp=None, key=key, value=value) is None:
                sent.append(await producer.send_batch(builders[partition], EVENTS.name, partition=partition))
                builders[partition] = producer.create_batch()
                builders[partition].append(timestamp=None, key=key, value=value)
        for partition, builder in enumerate(builders):
            sent.append(await producer.send_batch(builder, EVENTS.name, partition=partition))
        await asyncio.gather(*sent)


async def _apply(database: str, programme: Programme) -> None:
    engine = connect(DatabaseSettings(url=SecretStr(database)), application="bench")
    try:
        await migrate(engine, "voc", "shared.postgres.migrations")
        async with engine.begin() as connection:
            await apply(connection, programme, now=now())
    finally:
        await engine.dispose()
