"""A partition's leader killed under load, in a cluster of three: the door says so, comes back, and loses nothing."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from structlog.testing import capture_logs

from shared.kafka.connection import KafkaSettings
from shared.kafka.create import ensure_topics
from shared.kafka.topics import EVENTS
from tests import road
from tests.cluster import NODES, Cluster, three_brokers
from tests.faults.load import Load
from tests.faults.topic import delete_topic
from tests.keys import make_key
from tests.processes import Service


@pytest.fixture(scope="module")
def cluster(workshop: Path) -> Iterator[Cluster]:
    with three_brokers(workshop / "cluster") as brokers:
        yield brokers


@pytest.fixture
def ingest(cluster: Cluster, database: str, workshop: Path) -> Iterator[Service]:
    service = Service("ingest", workshop, VOC_KAFKA_BOOTSTRAP_SERVERS=cluster.address, VOC_DATABASE_URL=database)
    yield service.start().ready()
    service.stop()


async def test_every_202_is_on_the_topic_when_a_leader_is_killed(
    cluster: Cluster, ingest: Service, database: str
) -> None:
    await all_in_sync(cluster)
    assert await setting(cluster, "min.insync.replicas") == "2"
    async with Load(ingest.url, await make_key(database, "ingest")) as load:
        await load.more(200)
        leader = cluster.brokers[await cluster.leader(EVENTS.name, 0)]
        await asyncio.to_thread(leader.kill)
        await load.more(400)  # by the two that are left
        await asyncio.to_thread(leader.restart)
        await all_in_sync(cluster)
        await load.more(200)
    assert set(load.answers) <= {202, 503}
    assert load.hasty == 0, "a 503 without Retry-After"
    assert "Traceback" not in ingest.log.read_text()
    times = await times_on_the_topic(cluster)
    assert load.acknowledged - times.keys() == set(), "acknowledged and lost"
    assert times.keys() <= load.sent
    written_twice = {event_id: count for event_id, count in times.items() if count > load.posts[event_id]}
    assert not written_twice, "more often than posted: the producer is not idempotent"


async def test_a_topic_that_one_broker_acknowledges_is_left_as_it_is_and_said(cluster: Cluster) -> None:
    settings = KafkaSettings(bootstrap_servers=cluster.address)
    await ensure_topics(settings)
    await delete_topic(cluster.address)
    await road.make_topic(cluster.address)  # of one copy
    with capture_logs() as said:
        await ensure_topics(settings)
    assert [line["event"] for line in said] == ["one-broker-acknowledges"]
    assert await setting(cluster, "min.insync.replicas") == "1"


async def all_in_sync(cluster: Cluster) -> None:
    async def synced() -> bool:
        return await cluster.in_sync(EVENTS.name) == len(NODES)

    await road.until(synced, within=60)


async def setting(cluster: Cluster, name: str) -> str:
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.address)
    await admin.start()
    try:
        (response,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, EVENTS.name)])
    finally:
        await admin.close()
    ((*_, entries),) = response.resources
    return str(next(entry[1] for entry in entries if entry[0] == name))


async def times_on_the_topic(cluster: Cluster) -> Counter[str]:
    """How often each event stands in `voc.events`."""
    partitions = [TopicPartition(EVENTS.name, number) for number in range(EVENTS.partitions)]
    async with AIOKafkaConsumer(bootstrap_servers=cluster.address, auto_offset_reset="earliest") as consumer:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: Counter[str] = Counter()
        while [partition for partition in partitions if await consumer.position(partition) < ends[partition]]:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                found.update(msgspec.json.decode(record.value)["id"] for record in records)
    return found
