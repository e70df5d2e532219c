"""Messages are packed into few batches, in order, and where every other producer would send them."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.scoring.adapters.record_batches import Record, RecordBatch, packed

PARTITIONS = 3
BATCH_BYTES = 20_000
RECORDS = [(f"crm:{n % 40}".encode(), b"%d " % n + b"x" * 300) for n in range(400)]


@pytest.fixture
async def topic(kafka_bootstrap: str) -> str:
    name = f"packed-{uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, PARTITIONS, 1)])
    finally:
        await admin.close()
    return name


@pytest.fixture
async def producer(kafka_bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, acks="all", max_batch_size=BATCH_BYTES) as producer:
        yield producer


async def test_keyed_records_arrive_in_order_where_kafkas_default_puts_them(
    kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    batches = await _batches(producer, [Record(topic, key, value, [("n", b"1")], 0) for key, value in RECORDS])
    await _send(producer, batches)
    for key, value in RECORDS:
        await producer.send_and_wait(topic, value, key=key)
    for partition in range(PARTITIONS):
        arrived = await _read(kafka_bootstrap, topic, partition)
        packed_ones, plain_ones = arrived[: len(arrived) // 2], arrived[len(arrived) // 2 :]
        assert packed_ones == plain_ones
    least = sum(len(value) for _, value in RECORDS) // BATCH_BYTES
    assert least <= len(batches) <= least + 2 * PARTITIONS


async def test_records_without_a_key_take_turns_and_one_that_fills_a_batch_goes_alone(
    kafka_bootstrap: str, topic: str, producer: AIOKafkaProducer
) -> None:
    large = b"y" * (2 * BATCH_BYTES)
    values = [b"a", b"b", b"c", large, b"e", b"f", b"g"]
    records = [Record(topic, None, value, [], turn) for turn, value in enumerate(values)]
    await _send(producer, await _batches(producer, records))
    arrived = [[value for _, value in await _read(kafka_bootstrap, topic, p)] for p in range(PARTITIONS)]
    assert arrived == [[b"a", large, b"g"], [b"b", b"e"], [b"c", b"f"]]


async def _batches(producer: AIOKafkaProducer, records: list[Record]) -> list[RecordBatch]:
    return [batch async for batch in packed(producer, records)]


async def _send(producer: AIOKafkaProducer, batches: list[RecordBatch]) -> None:
    for batch in batches:
        await (await producer.send_batch(batch.builder, batch.topic, partition=batch.partition))


async def _read(bootstrap: str, topic: str, partition: int) -> list[tuple[bytes | None, bytes]]:
    """Keys and values of a partition, from its beginning to where it ends now."""
    at = TopicPartition(topic, partition)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([at])
        end = (await consumer.end_offsets([at]))[at]
        found: list[tuple[bytes | None, bytes]] = []
        while len(found) < end:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [(record.key, record.value) for record in records]
        return found
    finally:
        await consumer.stop()
