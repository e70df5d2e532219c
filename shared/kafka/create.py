"""Makes the topics of the table where they are missing; one that exists is left as its operator set it."""

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.kafka.connection import KafkaSettings
from shared.kafka.reach import reach
from shared.kafka.topics import EVENTS, MOST_COPIES, TOPICS, in_sync

log = structlog.get_logger(__name__)


async def ensure_topics(settings: KafkaSettings) -> None:
    """Create the missing topics, on up to three brokers each. Raises aiokafka's KafkaError where the broker refuses."""
    await reach(settings)
    admin = AIOKafkaAdminClient(**settings.options())
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [topic for topic in TOPICS if topic.name not in present]
        copies = min(MOST_COPIES, len((await admin.describe_cluster())["brokers"]))
        if EVENTS.name in present and await acknowledged_by(admin, EVENTS.name) < in_sync(copies):
            log.warning(
                "one-broker-acknowledges",
                topic=EVENTS.name,
                hint=f"there are brokers for {copies} copies: give it {copies}, and min.insync.replicas=2",
            )
        if not missing:
            return
        sure = {"min.insync.replicas": str(in_sync(copies))}
        wanted = [NewTopic(one.name, one.partitions, copies, topic_configs=one.config() | sure) for one in missing]
        response = await admin.create_topics(wanted)
        for name, code, *_ in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:  # two services may start at once
                raise error(f"topic {name}")
    finally:
        await admin.close()


async def acknowledged_by(admin: AIOKafkaAdminClient, topic: str) -> int:
    """How many copies surely have what was acknowledged: the fewest of a partition's, at most those that have to be in
    sync. More than there may be where we may not know."""
    ((topic_metadata),) = await admin.describe_topics([topic])
    copies = [len(partition["replicas"]) for partition in topic_metadata["partitions"]]
    (response,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    ((_, _, _, _, entries),) = response.resources
    wanted = [int(entry[1]) for entry in entries if entry[0] == "min.insync.replicas"]
    return min([*copies, *wanted], default=MOST_COPIES)
