"""Topics are made as the table says where they are missing, and left alone where they are not."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from shared.kafka.connection import KafkaSettings
from shared.kafka.create import ensure_topics
from shared.kafka.topics import CASES, EVENTS, TOPICS
from tests.parts import kafka_address


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    """A broker without topics."""
    with kafka_address(workshop / "create") as address:
        yield address


@pytest.fixture(scope="module")
def settings(own_kafka: str) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=own_kafka)


@pytest.fixture
async def admin(settings: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**settings.options())
    await admin.start()
    yield admin
    present = [name for name in await admin.list_topics() if name.startswith("voc.")]
    if present:
        await admin.delete_topics(present)
        for _ in range(200):
            if not set(present) & set(await admin.list_topics()):
                break
            await asyncio.sleep(0.1)
    await admin.close()


async def configuration(admin: AIOKafkaAdminClient, name: str) -> dict[str, str]:
    (response,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    ((*_, entries),) = response.resources
    return {entry[0]: entry[1] for entry in entries}


async def partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """Of every topic of the table, once the broker has heard of all that were made."""
    found: dict[str, int] = {}
    for _ in range(100):
        described: list[dict[str, Any]] = await admin.describe_topics([topic.name for topic in TOPICS])
        found = {topic["topic"]: len(topic["partitions"]) for topic in described}
        if all(found.values()):
            break
        await asyncio.sleep(0.1)
    return found


async def test_missing_topics_are_made_as_the_table_says(admin: AIOKafkaAdminClient, settings: KafkaSettings) -> None:
    await ensure_topics(settings)
    assert await partitions(admin) == {topic.name: topic.partitions for topic in TOPICS}
    for topic in TOPICS:
        found = await configuration(admin, topic.name)
        assert {name: found[name] for name in topic.config()} == topic.config()


async def test_a_topic_that_is_there_stays_as_its_operator_set_it(
    admin: AIOKafkaAdminClient, settings: KafkaSettings
) -> None:
    theirs = {"cleanup.policy": "compact", "retention.ms": "1234567"}
    await admin.create_topics([NewTopic(CASES.name, 7, 1, topic_configs=theirs)])
    await ensure_topics(settings)
    assert await partitions(admin) == {topic.name: topic.partitions for topic in TOPICS} | {CASES.name: 7}
    found = await configuration(admin, CASES.name)
    assert {name: found[name] for name in theirs} == theirs


async def test_services_that_start_at_once_make_them_once(admin: AIOKafkaAdminClient, settings: KafkaSettings) -> None:
    await asyncio.gather(*(ensure_topics(settings) for _ in range(4)))
    await ensure_topics(settings)
    assert (await partitions(admin))[EVENTS.name] == EVENTS.partitions
