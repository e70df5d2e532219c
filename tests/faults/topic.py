"""What may befall the topic: it is deleted, or its events are."""

from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from shared.kafka.topics import EVENTS
from tests.road import until


async def delete_topic(bootstrap: str) -> None:
    """Delete `voc.events`, and wait until it is gone."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()

    async def gone() -> bool:
        return EVENTS.name not in await admin.list_topics()

    try:
        await admin.delete_topics([EVENTS.name])
        await until(gone, within=20)
    finally:
        await admin.close()


async def delete_records(bootstrap: str) -> None:
    """Delete every event up to the ends, as retention would in its time."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_records(
            {TopicPartition(EVENTS.name, p): RecordsToDelete(-1) for p in range(EVENTS.partitions)}
        )
    finally:
        await admin.close()
