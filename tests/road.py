"""The road from Kafka to counts, as tests walk it: apply, produce, wait, compare."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pydantic import SecretStr

from shared.kafka.partition import partition_of
from shared.kafka.topics import EVENTS
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme.model import Programme
from shared.programme.store import apply


async def apply_programme(database_url: str, programme: Programme, *, from_at: datetime | None = None) -> None:
    """Make the schema `voc` and store the programme, as `voc programme apply` does."""
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    try:
        await migrate(engine, "voc", "shared.postgres.migrations")
        async with engine.begin() as connection:
            await apply(connection, programme, now=datetime.now(UTC), from_at=from_at)
    finally:
        await engine.dispose()


async def make_topic(bootstrap: str, partitions: int = EVENTS.partitions) -> None:
    """`voc.events`, where it is missing."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        if EVENTS.name not in await admin.list_topics():
            await admin.create_topics([NewTopic(EVENTS.name, partitions, 1, topic_configs=EVENTS.config())])
    finally:
        await admin.close()


async def produce(bootstrap: str, values: Iterable[tuple[str, bytes]], partitions: int = EVENTS.partitions) -> None:
    """Write (key, value) records to `voc.events` as ingest would."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, linger_ms=5)
    await producer.start()
    try:
        for key, value in values:
            name = key.encode()
            await producer.send(EVENTS.name, value, name, partition=partition_of(name, partitions))
        await producer.flush()
    finally:
        await producer.stop()


def records(events: Iterable[dict[str, Any]]) -> list[tuple[str, bytes]]:
    """Events as (key, value)."""
    return [(event.get("subject") or event["id"], msgspec.json.encode(event)) for event in events]


async def fetch(database_url: str, query: str, *values: Any) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database_url)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(query, *values)
        return rows
    finally:
        await connection.close()


async def execute(database_url: str, statement: str, *values: Any) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()


async def counts(database_url: str) -> Counter[tuple[Any, ...]]:
    """All cells, in the reference's shape."""
    rows = await fetch(
        database_url,
        "select journey, touchpoint, perspective, metric, scale, persona, channel, quarter, value, n"
        " from scoring.read_counts",
    )
    return Counter({tuple(row)[:-1]: row["n"] for row in rows})


async def until_counts(
    database_url: str, expected: Counter[tuple[Any, ...]], *, within: float, what: Callable[[], str] = str
) -> None:
    """Wait until the cells are just `expected`; fail with what is too much, what is missing, and `what()`."""
    found: Counter[tuple[Any, ...]] = Counter()
    for _ in range(max(1, round(within * 5))):
        found = await counts(database_url)
        if found == expected:
            return
        await asyncio.sleep(0.2)
    too_much, missing = (found - expected).most_common(3), (expected - found).most_common(3)
    raise AssertionError(f"not within {within} s; too much {too_much}, missing {missing}\n{what()}")


async def until(holds: Callable[[], Awaitable[object]], *, within: float, what: Callable[[], str] = str) -> None:
    """Wait until `holds()` comes back true; fail with `what()` after `within` seconds."""
    deadline = time.monotonic() + within
    while not await holds():
        assert time.monotonic() < deadline, f"not within {within} s: {what()}"
        await asyncio.sleep(0.1)


async def until_folded(bootstrap: str, database_url: str, *, within: float, what: Callable[[], str] = str) -> None:
    """Wait until nothing waits to be folded of what `voc.events` holds now."""
    known = await ends(bootstrap)

    async def folded() -> bool:
        return await _not_folded(database_url, known) == 0

    await until(folded, within=within, what=what)


async def behind(bootstrap: str, database_url: str) -> int:
    """How many records of `voc.events` are not folded yet."""
    return await _not_folded(database_url, await ends(bootstrap))


async def _not_folded(database_url: str, known: dict[int, int]) -> int:
    rows = await fetch(database_url, "select partition, next_offset from scoring.read_offsets")
    applied = {row["partition"]: row["next_offset"] for row in rows}
    return sum(end - applied.get(partition, 0) for partition, end in known.items())


async def ends(bootstrap: str) -> dict[int, int]:
    """Where each partition of `voc.events` ends."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        partitions = await _partitions(consumer)
        found = await consumer.end_offsets([TopicPartition(EVENTS.name, p) for p in partitions])
    finally:
        await consumer.stop()
    return {tp.partition: end for tp, end in found.items()}


async def _partitions(consumer: Any) -> set[int]:
    await consumer._client.force_metadata_update()
    consumer._client.add_topic(EVENTS.name)
    await consumer._client.force_metadata_update()
    return set(consumer._client.cluster.partitions_for_topic(EVENTS.name) or ())
