"""Makes the topics of the table where they are missing; one that exists is left as its operator set it."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.kafka.connection import KafkaSettings
from shared.kafka.topics import TOPICS

MOST_COPIES = 3


async def ensure_topics(settings: KafkaSettings) -> None:
    """Create the missing topics, on up to three brokers each. Raises aiokafka's KafkaError where the broker refuses."""
    admin = AIOKafkaAdminClient(**settings.options())
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [topic for topic in TOPICS if topic.name not in present]
        if not missing:
            return
        copies = min(MOST_COPIES, len((await admin.describe_cluster())["brokers"]))
        wanted = [NewTopic(topic.name, topic.partitions, copies, topic_configs=topic.config()) for topic in missing]
        response = await admin.create_topics(wanted)
        for name, code, *_ in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:  # two services may start at once
                raise error(f"topic {name}")
    finally:
        await admin.close()
