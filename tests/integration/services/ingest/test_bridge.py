"""Topics that exist already come into `voc.events`, on a real Kafka and PostgreSQL: what arrives, once in effect, and
what is said of what does not."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.ingest.adapters.foreign_topic import group_of
from services.ingest.adapters.protections import Protections
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantine import Quarantine
from services.ingest.domain.bridge_state import BridgeState
from services.ingest.entrypoints.bridges import Bridges
from services.ingest.settings import Settings
from shared.clock import now
from shared.kafka.connection import KafkaSettings
from shared.kafka.create import ensure_topics
from shared.kafka.topics import QUARANTINE
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme.history import Version
from shared.programme.model import Privacy, Programme, Source
from tests.foreign import ForeignTopic, events_of, everything_in, shares
from tests.road import until

MAP = """{type: 'voc.interaction', subject: customer && join(':', ['crm', customer]),
  data: {action: action, channel: 'web', instance: order}}"""
IN_A_ROW = 5


def order(number: int, **fields: Any) -> dict[str, Any]:
    return {"order": f"o-{number}", "customer": f"{number % 7}", "action": "placed", **fields}


def event(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"l-{number}",
        "source": "urn:loyalty",
        "type": "voc.interaction",
        "subject": f"crm:{number % 7}",
        "time": "2026-05-01T10:00:00Z",
        "data": {"action": "joined", "channel": "app"},
        **fields,
    }


class Process:
    """The bridges of one process, with sources that a test may change."""

    def __init__(self, engine: AsyncEngine, publisher: Publisher, kafka: str) -> None:
        self.sources: list[Source] = []
        self.taken: Counter[str] = Counter()
        self.publisher = publisher
        settings = Settings(ingest_bridge_in_a_row=IN_A_ROW)
        settings.__dict__["kafka"] = KafkaSettings(bootstrap_servers=kafka)
        self.known = True
        self.protections = Protections(lambda: self.known)
        self.bridges = Bridges(
            engine,
            publisher,
            Quarantine(publisher),
            settings,
            sources=lambda: self.sources,
            protections=self.protections,
            clock=now,
            taken=lambda _door, source: self.taken.update([source]),
        )

    def connect(self, topic: ForeignTopic, mapping: str | None = MAP, **fields: Any) -> str:
        """Connect a topic; the source is called after it."""
        name = topic.name.replace(".", "-")
        self.sources = [one for one in self.sources if one.source != name]
        self.sources.append(Source(source=name, topic=topic.name, map=mapping and "map", mapping=mapping, **fields))
        return name

    async def state(self, source: str) -> BridgeState:
        return next(state for state in await self.bridges.status() if state.source == source)

    async def until_state(self, source: str, state: str, said: str = "") -> BridgeState:
        async def so() -> bool:
            found = await self.state(source)
            return found.state == state and said in found.says

        await until(so, within=30, what=lambda: str(self.bridges._running))
        return await self.state(source)


@asynccontextmanager
async def process(kafka: str, database: str) -> AsyncIterator[Process]:
    async with AsyncExitStack() as stack:
        engine = connect(DatabaseSettings(url=SecretStr(database)), application="tests")
        stack.push_async_callback(engine.dispose)
        await migrate(engine, "ingest", "services.ingest.migrations")
        await ensure_topics(KafkaSettings(bootstrap_servers=kafka))
        publisher = Publisher(
            KafkaSettings(bootstrap_servers=kafka), acknowledge_seconds=4, waiting_bytes=64 * 1024 * 1024
        )
        one = Process(engine, publisher, kafka)
        for work in (publisher.run(), one.bridges.run()):
            task = asyncio.create_task(work)
            stack.push_async_callback(_end, task)
        yield one


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def here(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Process]:
    async with process(kafka_bootstrap, database_url) as one:
        yield one


@pytest.fixture
async def topic(kafka_bootstrap: str) -> ForeignTopic:
    return ForeignTopic(kafka_bootstrap)


async def arrived(topic: ForeignTopic, source: str, count: int, within: float = 30) -> list[dict[str, Any]]:
    """The events of a source once there are so many different ones."""
    found: list[dict[str, Any]] = []

    async def there() -> bool:
        found[:] = await events_of(topic.kafka, source)
        return len({one["id"] for one in found}) >= count

    await until(there, within=within, what=lambda: f"{len(found)} of {count}")
    return found


async def test_json_is_mapped_and_named_by_its_place(here: Process, topic: ForeignTopic) -> None:
    await topic.make(2)
    await topic.write((order(n) for n in range(3)), partition=1)
    source = here.connect(topic)
    found = await arrived(topic, source, 3)
    assert [one["id"] for one in sorted(found, key=lambda one: str(one["id"]))] == [
        f"{topic.name}/1/1/{n}" for n in range(3)
    ]
    assert {one["timesource"] for one in found} == {"received"}
    await topic.write([order(3)])
    await arrived(topic, source, 4)

    async def stored() -> bool:
        partitions = (await here.state(source)).partitions
        return [(p.partition, p.generation, p.next_offset) for p in partitions] == [(0, 1, 1), (1, 1, 3)]

    await until(stored, within=10)


async def test_whatever_its_producer_compresses_with_is_read(here: Process, topic: ForeignTopic) -> None:
    await topic.make()
    codecs = ("gzip", "snappy", "lz4", "zstd")
    for number, codec in enumerate(codecs):
        await topic.write([order(number, note="again " * 500)], codec=codec)
    found = await arrived(topic, here.connect(topic), len(codecs))
    assert {one["data"]["instance"] for one in found} == {f"o-{number}" for number in range(len(codecs))}


async def test_cloudevents_come_in_both_modes_under_their_own_names(here: Process, topic: ForeignTopic) -> None:
    await topic.make()
    whole = event(1, source=f"urn:{topic.name}")
    await topic.write([whole])
    await topic.write(
        [whole | {"id": "l-2"}], headers=[("content-type", b"application/cloudevents+json; charset=UTF-8")]
    )
    binary = [(f"ce_{name}", str(value).encode()) for name, value in whole.items() if name not in ("data", "id")]
    await topic.write([whole["data"]], headers=[*binary, ("ce_id", b"l-3"), ("content-type", b"application/json")])
    here.connect(topic, None)
    found = await arrived(topic, whole["source"], 3)
    assert sorted(found, key=lambda one: str(one["id"])) == [
        whole,
        whole | {"id": "l-2"},
        whole | {"id": "l-3", "datacontenttype": "application/json"},
    ]


async def test_nobody_comes_over_whom_the_programme_keeps_out(here: Process, topic: ForeignTopic) -> None:
    await topic.make()
    here.known = False  # so that it waits
    said = event(1, source=f"urn:{topic.name}", type="voc.feedback", data={"comment": "Ask ana@example.com, 10.0.0.17"})
    await topic.write([said])
    source = here.connect(topic, None, redact=("email",))
    await until(lambda: _waits_for(source, "no-programme"), within=20)
    assert not await events_of(topic.kafka, said["source"])
    programme = Programme(name="Shop", timezone="UTC", privacy=Privacy(redact=("ip",)), sources=tuple(here.sources))
    here.known = True
    here.protections.take_up(Version(1, None, now(), "", programme))
    (found,) = await arrived(topic, said["source"], 1)
    assert found["data"]["comment"] == "Ask [EMAIL], 10.0.0.17"


async def _waits_for(source: str, reason: str) -> bool:
    return (REGISTRY.get_sample_value("voc_ingest_bridge_waits_total", {"source": source, "reason": reason}) or 0) > 0


async def test_what_makes_no_event_is_kept_and_the_rest_goes_on(here: Process, topic: ForeignTopic) -> None:
    await topic.make(max_message_bytes="4000000")
    bad = [b"\xff\xfe", b"\x00\x00\x00\x00\x07\x02avro", order(1, action=7), b'{"order": "%b"}' % (b"x" * 2_500_000)]
    await topic.write([order(0), *bad, None, order(2)], key=b"k")
    source = here.connect(topic, f"action != 'none' && {MAP} || null")
    assert {one["data"]["instance"] for one in await arrived(topic, source, 2)} == {"o-0", "o-2"}

    async def kept() -> list[Any]:
        return [r for r in await everything_in(topic.kafka, QUARANTINE.name) if r.key == source.encode()]

    records = await kept()
    assert [dict(record.headers)["origin"] for record in records] == [
        f"{topic.name}[0]@{offset}".encode() for offset in range(1, 5)
    ]
    assert [record.value for record in records[:2]] == bad[:2]
    assert b"schema registry (schema 7)" in dict(records[1].headers)["reason"]
    assert [dict(record.headers)["kind"] for record in records] == [b"malformed"] * 2 + [b"unmapped", b"too-large"]
    assert len(records[3].value) == 1_000_000


async def test_too_many_in_a_row_stop_the_source_until_its_map_is_mended(here: Process, topic: ForeignTopic) -> None:
    await topic.make()
    await topic.write([order(0), *(order(n) for n in range(1, 20))])
    source = here.connect(topic, "{type: 'voc.interaction', subject: customer, data: {action: `7`}}")
    state = await here.until_state(source, "stopped", f"{IN_A_ROW} records in a row make no event, the last one at")
    assert f"{topic.name}[0]@{IN_A_ROW - 1}: data.action: expected" in state.says
    assert state.since is not None
    assert await events_of(topic.kafka, source) == []
    here.connect(topic, f"order != 'o-{IN_A_ROW - 1}' && {MAP} || {{type: 'voc.unknown'}}")  # the next is bad still
    found = await arrived(topic, source, 20 - IN_A_ROW)
    assert {one["data"]["instance"] for one in found} == {f"o-{number}" for number in range(IN_A_ROW, 20)}
    await here.until_state(source, "reading")


async def test_a_record_that_no_client_here_can_read_is_said_until_it_is_deleted(
    here: Process, topic: ForeignTopic
) -> None:
    await topic.make()
    await topic.write([order(0)])
    source = here.connect(topic)
    await arrived(topic, source, 1)
    await topic.write_latin(order(1), header="prüfung")
    await topic.write([order(2)])
    await here.until_state(source, "waiting", "a header whose name is not UTF-8")
    await topic.forget(before=2)
    await arrived(topic, source, 2)


async def test_a_stopped_source_goes_on_when_it_is_told_to(here: Process, topic: ForeignTopic) -> None:
    await topic.make()
    await topic.write([b"poison"] * (2 * IN_A_ROW - 2) + [order(1)])
    source = here.connect(topic)
    await here.until_state(source, "stopped")
    assert await here.bridges.resume(source)
    await arrived(topic, source, 1)
    assert not await here.bridges.resume(source)


async def test_a_topic_made_again_is_read_in_a_generation_of_its_own(here: Process, topic: ForeignTopic) -> None:
    await topic.make()
    await topic.write(order(n) for n in range(5))
    source = here.connect(topic)
    await arrived(topic, source, 5)
    await topic.delete()
    await here.until_state(source, "waiting", f"Kafka has no topic {topic.name}")
    await topic.make()
    await topic.write(order(n) for n in range(8))
    found = await arrived(topic, source, 13)
    assert {one["id"] for one in found} == {f"{topic.name}/1/0/{n}" for n in range(5)} | {
        f"{topic.name}/2/0/{n}" for n in range(8)
    }

    async def stored() -> bool:
        (partition,) = (await here.state(source)).partitions
        return (partition.generation, partition.next_offset) == (2, 8)

    await until(stored, within=10)
    (partition,) = (await here.state(source)).partitions
    assert partition.said.startswith("the topic was deleted and made again")


async def test_retention_that_took_unread_records_is_said(
    kafka_bootstrap: str, database_url: str, topic: ForeignTopic
) -> None:
    await topic.make()
    async with process(kafka_bootstrap, database_url) as here:
        await topic.write(order(n) for n in range(5))
        await arrived(topic, here.connect(topic), 5)
    await topic.write(order(n) for n in range(5, 9))
    await topic.forget(before=7)
    async with process(kafka_bootstrap, database_url) as here:
        source = here.connect(topic)
        found = await arrived(topic, source, 7)
        assert {one["id"] for one in found} == {f"{topic.name}/1/0/{n}" for n in (0, 1, 2, 3, 4, 7, 8)}
        (partition,) = (await here.state(source)).partitions
    assert (partition.generation, partition.lost) == (1, 2)
    assert partition.said.startswith("records 5 to 6 were deleted by the topic's retention before they were read")


async def test_a_compacted_topic_whose_last_record_is_gone_is_the_same_topic(
    kafka_bootstrap: str, database_url: str, topic: ForeignTopic
) -> None:
    await topic.make(cleanup_policy="compact", segment_ms="100", min_cleanable_dirty_ratio="0.01")
    async with process(kafka_bootstrap, database_url) as here:
        await topic.write([order(n) for n in range(5)], key=b"one")
        await arrived(topic, here.connect(topic), 5)
    await topic.write([order(5)], key=b"one")

    async def compacted() -> bool:
        await topic.write([order(6)], key=b"one")
        return len(await everything_in(topic.kafka, topic.name)) < 5

    await until(compacted, within=60)
    async with process(kafka_bootstrap, database_url) as here:
        source = here.connect(topic)
        await arrived(topic, source, 6)
        assert (await here.state(source)).partitions[0].generation == 1


async def test_a_topic_that_comes_later_and_grows_is_read_whole(here: Process, topic: ForeignTopic) -> None:
    source = here.connect(topic)
    await here.until_state(source, "waiting", f"Kafka has no topic {topic.name}, or does not let us read it")
    await topic.make()
    await topic.write([order(0)])
    await arrived(topic, source, 1)
    await topic.grow(3)
    await topic.write([order(1)], partition=2)
    await arrived(topic, source, 2)


async def test_from_latest_reads_what_comes_from_now_on(here: Process, topic: ForeignTopic) -> None:
    await topic.make(2)
    await topic.write(order(n) for n in range(5))
    source = here.connect(topic, options={"from": "latest"})

    async def begun() -> bool:
        return len((await here.state(source)).partitions) == 2

    await until(begun, within=30)
    await topic.write([order(5)])
    assert [one["id"] for one in await arrived(topic, source, 1)] == [f"{topic.name}/1/0/5"]


async def test_two_processes_share_a_topics_partitions(
    kafka_bootstrap: str, database_url: str, topic: ForeignTopic
) -> None:
    await topic.make(4)
    async with process(kafka_bootstrap, database_url) as one, process(kafka_bootstrap, database_url) as two:
        source = one.connect(topic)
        two.connect(topic)

        async def shared() -> bool:
            return await shares(kafka_bootstrap, group_of(source)) == [2, 2]

        await until(shared, within=40)
        for partition in range(4):
            await topic.write((order(n) for n in range(50)), partition=partition)
        found = await arrived(topic, source, 200)
    assert len(found) == 200
