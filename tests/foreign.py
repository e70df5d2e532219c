"""Somebody else's topics, as their owners handle them: made, written, deleted; and what came of them."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from shared.kafka.topics import EVENTS
from tests.road import until

Headers = list[tuple[str, bytes]]


class ForeignTopic:
    """One of them, with a name of its own."""

    def __init__(self, kafka: str, name: str | None = None) -> None:
        self.kafka = kafka
        self.name = name or f"shop.orders.{uuid4().hex[:8]}"

    async def make(self, partitions: int = 1, **config: str) -> None:
        settings = {name.replace("_", "."): value for name, value in config.items()}
        async with _Admin(self.kafka) as admin:
            await admin.create_topics([NewTopic(self.name, partitions, 1, topic_configs=settings)])

    async def grow(self, partitions: int) -> None:
        async with _Admin(self.kafka) as admin:
            await admin.create_partitions({self.name: NewPartitions(partitions)})

    async def delete(self) -> None:
        async with _Admin(self.kafka) as admin:

            async def gone() -> bool:
                return self.name not in await admin.list_topics()

            await admin.delete_topics([self.name])
            await until(gone, within=20)

    async def forget(self, before: int, partition: int = 0) -> None:
        """Delete the records before an offset, as retention does."""
        async with _Admin(self.kafka) as admin:
            await admin.delete_records({TopicPartition(self.name, partition): RecordsToDelete(before)})

    async def write(
        self,
        values: Iterable[Any],
        *,
        headers: Headers | None = None,
        key: bytes | None = None,
        partition: int = 0,
        codec: str | None = None,
    ) -> None:
        """Bytes and None as they are, anything else as JSON."""
        async with AIOKafkaProducer(
            bootstrap_servers=self.kafka, max_request_size=4_000_000, linger_ms=5, compression_type=codec
        ) as producer:
            for value in values:
                raw = value if value is None or isinstance(value, bytes) else msgspec.json.encode(value)
                await producer.send(self.name, raw, key, partition=partition, headers=headers or [])
            await producer.flush()

    async def write_latin(self, value: Any, *, header: str) -> None:
        """With a header whose name is not UTF-8, as producers in other languages may write one."""
        async with AIOKafkaProducer(bootstrap_servers=self.kafka) as producer:
            batch = producer.create_batch()
            batch._builder = _DefaultRecordBatchBuilderPy(2, 0, 0, -1, -1, 0, 10_000)  # the one in C takes str alone
            batch.append(key=None, value=msgspec.json.encode(value), timestamp=None, headers=[(_Latin(header), b"1")])
            await (await producer.send_batch(batch, self.name, partition=0))


class _Latin(str):
    def encode(self, *_: object) -> bytes:
        return super().encode("latin-1")


async def shares(kafka: str, group: str) -> list[int]:
    """How many partitions each member of a consumer group has; none while it makes up its mind."""
    async with _Admin(kafka) as admin:
        _, _, state, _, _, members, *_ = (await admin.describe_consumer_groups([group]))[0].groups[0]
    found = [ConsumerProtocolMemberAssignment.decode(assignment) for *_, assignment in members if assignment]
    return sorted(len(one.partitions()) for one in found) if state == "Stable" else []


class _Admin:
    def __init__(self, kafka: str) -> None:
        self._admin = AIOKafkaAdminClient(bootstrap_servers=kafka)

    async def __aenter__(self) -> Any:
        await self._admin.start()
        return self._admin

    async def __aexit__(self, *_: object) -> None:
        await self._admin.close()


async def everything_in(kafka: str, topic: str = EVENTS.name) -> list[Any]:
    """All records of a topic, those of a partition in order."""
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka, max_partition_fetch_bytes=8_000_000) as consumer:
        partitions = list(consumer.assignment())
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        found: list[Any] = []
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            got = await consumer.getmany(timeout_ms=2000)
            found += [record for batch in got.values() for record in batch]
        return found


async def events_of(kafka: str, *sources: str) -> list[dict[str, Any]]:
    """What `voc.events` holds of these sources, a customer's in order, repeats as often as they are there."""
    events = [msgspec.json.decode(record.value) for record in await everything_in(kafka)]
    return [event for event in events if event["source"] in sources]


async def ids_of(kafka: str, *sources: str) -> set[str]:
    """Which ids of these sources `voc.events` holds."""
    return {str(event["id"]) for event in await events_of(kafka, *sources)}
