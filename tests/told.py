"""What stands on scoring's topics, read as whoever reads them does."""

import asyncio

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.events.told.envelope import Received, read


async def told(bootstrap: str, topic: str) -> list[tuple[str, Received]]:
    """All that was committed to a topic so far, by partition and in order: (key, message)."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, partition) for partition in await _partitions(consumer, topic)]
        ends = await consumer.end_offsets(partitions)
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        found = []
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            for records in (await consumer.getmany(*partitions, timeout_ms=200)).values():
                found += [(record.key.decode(), read(record.value)) for record in records]
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    """Of a topic that somebody has made or is about to make."""
    for _ in range(100):
        await consumer._client.force_metadata_update()
        consumer._client.add_topic(topic)
        found = consumer._client.cluster.partitions_for_topic(topic)
        if found:
            return sorted(found)
        await asyncio.sleep(0.1)
    raise AssertionError(f"there is no topic {topic}")
