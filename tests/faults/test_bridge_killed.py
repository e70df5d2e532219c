"""Ingest processes that share a foreign topic, killed again and again in the middle of it, or frozen while it is made
again: every record arrives, and under one name only, so that it counts once."""

import asyncio
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from deploy.local.server import Server
from shared.programme.model import Source
from tests import road
from tests.faults.progress import metric
from tests.foreign import ForeignTopic, events_of, ids_of
from tests.processes import Service
from tests.programmes import RETAIL

SOURCE = "shop-orders"
MAP = "{type: 'voc.interaction', subject: join(':', ['crm', customer]), data: {action: 'placed', instance: order}}"
PARTITIONS, ROUNDS, SHARE = 4, 4, 2_000  # records of a round and partition


@pytest.fixture
def processes(kafka: Server, database: str, workshop: Path) -> Iterator[list[Service]]:
    addresses = {"VOC_KAFKA_BOOTSTRAP_SERVERS": kafka.address, "VOC_DATABASE_URL": database}
    made = [Service("ingest", workshop, **addresses) for _ in range(2)]
    yield made
    for service in made:
        service.stop()


async def test_killed_bridges_bring_every_record_over_under_one_name(
    kafka: Server, database: str, processes: list[Service]
) -> None:
    topic = ForeignTopic(kafka.address, "shop.orders")
    await topic.make(PARTITIONS)
    source = Source(source=SOURCE, topic=topic.name, map="map", mapping=MAP)
    await road.apply_programme(database, msgspec.structs.replace(RETAIL, sources=(source,)))
    for service in processes:
        await asyncio.to_thread(service.start)
    chance, hits = random.Random(5), 0
    for round in range(ROUNDS):
        await write(topic, round)
        hits += await kill(processes[round % 2], chance)
    assert hits >= ROUNDS // 2, "too few of the kills hit a bridge at work"

    wanted = {
        f"{topic.name}/1/{partition}/{offset}" for partition in range(PARTITIONS) for offset in range(ROUNDS * SHARE)
    }
    found: set[str] = set()

    async def arrived() -> bool:
        found.update(await ids_of(kafka.address, SOURCE))
        return found >= wanted

    await road.until(arrived, within=120, what=lambda: f"{len(found)} of {len(wanted)}\n{processes[0].tail()}")
    assert found == wanted
    await in_order(kafka.address)
    await stored(database)


async def test_a_topic_made_again_behind_a_bridges_back_is_another_one(
    kafka: Server, database: str, processes: list[Service]
) -> None:
    """Its consumer finds a topic of the same name with records at its offset, and no error that tells."""
    topic = ForeignTopic(kafka.address, "shop.returns")
    service, source = processes[0], Source(source="returns", topic=topic.name, map="map", mapping=MAP)
    await topic.make()
    await road.apply_programme(database, msgspec.structs.replace(RETAIL, sources=(source,)))
    await asyncio.to_thread(service.start)
    await topic.write([{"order": f"first-{n}", "customer": "1"} for n in range(300)])
    await until_ids(kafka.address, {f"{topic.name}/1/0/{offset}" for offset in range(300)}, service)

    service.signal(signal.SIGSTOP)
    await topic.delete()
    await topic.make()
    await topic.write([{"order": f"second-{n}", "customer": "1"} for n in range(600)])
    service.signal(signal.SIGCONT)
    both = {f"{topic.name}/{life}/0/{n}" for life, count in ((1, 300), (2, 600)) for n in range(count)}
    await until_ids(kafka.address, both, service)


async def until_ids(kafka: str, wanted: set[str], service: Service) -> None:
    """Wait until just these have arrived."""
    found: set[str] = set()

    async def arrived() -> bool:
        found.update(await ids_of(kafka, "returns"))
        return found >= wanted

    await road.until(arrived, within=60, what=lambda: f"{len(found)} of {len(wanted)}\n{service.tail()}")
    assert found == wanted


async def write(topic: ForeignTopic, round: int) -> None:
    for partition in range(PARTITIONS):
        numbers = range(round * SHARE, (round + 1) * SHARE)
        values = [{"order": f"{partition}-{n}", "customer": f"{partition}-{n % 50}"} for n in numbers]
        await topic.write(values, partition=partition)


async def kill(victim: Service, chance: random.Random) -> bool:
    """SIGKILL a process within a moment of its reading, and start it again. Whether it had read anything."""
    read = 0.0
    for _ in range(100):
        read = await asyncio.to_thread(metric, victim, f'voc_ingest_bridge_records_total{{source="{SOURCE}"}}')
        if read:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(chance.random() * 0.3)
    await asyncio.to_thread(victim.kill)
    await asyncio.to_thread(victim.start)
    return read > 0


async def in_order(kafka: str) -> None:
    """What happened to a customer stands in order where it came first, whatever was repeated behind."""
    seen: dict[str, list[int]] = {}
    known: set[str] = set()
    for event in await events_of(kafka, SOURCE):
        if event["id"] not in known:
            known.add(event["id"])
            seen.setdefault(event["subject"], []).append(int(event["id"].rpartition("/")[2]))
    assert [offsets for offsets in seen.values() if offsets != sorted(offsets)] == []


async def stored(database: str) -> None:
    """All positions come to stand at the end."""

    async def so() -> bool:
        rows = await road.fetch(database, "select generation, next_offset from ingest.bridge_positions")
        return [tuple(row) for row in rows] == [(1, ROUNDS * SHARE)] * PARTITIONS

    await road.until(so, within=30)
