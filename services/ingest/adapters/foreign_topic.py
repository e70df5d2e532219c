"""Somebody else's topic in Kafka: whether it is there, in which cluster, and a consumer that reads it in a group."""

import re
from datetime import timedelta

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from shared.kafka.connection import KafkaSettings

# A member that polls nothing would leave the group after five minutes and never come back; heartbeats tell whether it
# lives. So scoring has it, too.
NEVER = timedelta(days=20)
FETCH_BYTES = 1024 * 1024  # that a broker sends at once: what a bridge holds in memory, and unpacks between two turns
SESSION_MS = 10_000


def group_of(source: str) -> str:
    """The consumer group of a source, as Kafka's own tools show it."""
    return f"voc-bridge-{source}"


def consumer(kafka: KafkaSettings, source: str) -> AIOKafkaConsumer:
    """A consumer that begins nowhere by itself: it is told where by what is stored.

    Of transactions it reads what was committed. Offsets are committed for monitoring only.
    """
    return AIOKafkaConsumer(
        **kafka.options(),
        group_id=group_of(source),
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
        session_timeout_ms=SESSION_MS,
        heartbeat_interval_ms=2000,
        rebalance_timeout_ms=10_000,
        metadata_max_age_ms=5000,  # a topic that comes, and more partitions, are noticed so soon
        max_poll_interval_ms=int(NEVER.total_seconds() * 1000),
        max_partition_fetch_bytes=FETCH_BYTES // 4,
        fetch_max_bytes=FETCH_BYTES,
    )


def only(topic: str) -> str:
    """A pattern that is this topic's name. By a pattern a consumer asks for all topics and takes those that are there;
    asked for by name, a broker that makes topics on demand would make one that was deleted."""
    return f"^{re.escape(topic)}$"


async def cluster_of(kafka: KafkaSettings) -> str:
    """The id of the cluster. Raises aiokafka's KafkaError."""
    admin = AIOKafkaAdminClient(**kafka.options())
    try:
        await admin.start()
        return str((await admin.describe_cluster())["cluster_id"])
    finally:
        await admin.close()
