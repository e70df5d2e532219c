"""Messages packed into one record batch a partition: a request for each message costs Kafka six times as much."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer

from shared.kafka.partition import partition_of


class Record(NamedTuple):
    """A message on its way. Without a key it may go to any partition, and `turn` chooses which."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Sequence[tuple[str, bytes]]
    turn: int


class RecordBatch(NamedTuple):
    """Records of one partition, in order, as aiokafka's builder holds them."""

    topic: str
    partition: int
    builder: Any


async def packed(producer: AIOKafkaProducer, records: Iterable[Record]) -> AsyncIterator[RecordBatch]:
    """The records in as few batches as their partitions and the producer's `max_batch_size` allow.

    Records of a partition keep their order if the batches are sent in theirs.
    """
    filling: dict[tuple[str, int], Any] = {}
    for record in records:
        partitions = len(await producer.partitions_for(record.topic))
        partition = record.turn % partitions if record.key is None else partition_of(record.key, partitions)
        builder = filling.get((record.topic, partition))
        if builder is None or not _added(builder, record):
            if builder is not None:
                yield RecordBatch(record.topic, partition, builder)
            builder = filling[record.topic, partition] = producer.create_batch()
            _added(builder, record)
    for (topic, partition), builder in filling.items():
        yield RecordBatch(topic, partition, builder)


def _added(builder: Any, record: Record) -> bool:
    """Whether there was room for it; the first one always fits."""
    added = builder.append(timestamp=None, key=record.key, value=record.value, headers=record.headers)
    return added is not None
