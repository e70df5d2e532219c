"""A topic that is deleted and made again, another cluster, events that retention took: scoring stops with a sentence,
whether it was running or not, and never reads on as if nothing had happened."""

import asyncio
import signal
from pathlib import Path

import pytest

import deploy.local.kafka
from deploy.local.server import Server
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.topic import delete_records, delete_topic
from tests.orders import orders
from tests.processes import Service, eventually
from tests.programmes import RETAIL

BEFORE = road.records(orders(300, seed=1))
AFTER = road.records(orders(600, seed=2))


@pytest.mark.parametrize("count", [100, len(BEFORE), len(AFTER)], ids=["fewer", "as-many", "more"])
async def test_a_topic_made_again_stops_scoring(
    kafka: Server, database: str, scoring: StartScoring, count: int
) -> None:
    service = await _folded(kafka.address, database, scoring)
    before = await _timeline(database)
    await delete_topic(kafka.address)
    await road.make_topic(kafka.address)
    await road.produce(kafka.address, AFTER[:count])
    try:
        await _stopped(service, "the topic was")
        await asyncio.to_thread(service.stop)
        await asyncio.to_thread(service.start)
        await _stopped(service, "the topic was made again")
        assert await _timeline(database) == before
    finally:
        await delete_topic(kafka.address)


async def test_a_topic_made_again_behind_a_workers_back_stops_scoring(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    """Its consumer finds a topic of the same name with records at its offset, and no error that tells."""
    service = await _folded(kafka.address, database, scoring)
    before = await _timeline(database)
    service.signal(signal.SIGSTOP)
    await delete_topic(kafka.address)
    await road.make_topic(kafka.address)
    await road.produce(kafka.address, AFTER)
    service.signal(signal.SIGCONT)
    try:
        await _stopped(service, "the topic was deleted and made again while it was read")
        assert await _timeline(database) == before
    finally:
        await delete_topic(kafka.address)


async def test_events_that_retention_took_before_they_were_read_stop_scoring(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    service = await _folded(kafka.address, database, scoring)
    await asyncio.to_thread(service.stop)
    await road.produce(kafka.address, AFTER)
    await delete_records(kafka.address)
    await asyncio.to_thread(service.start)
    try:
        await _stopped(service, "were deleted by retention before they were read: to go on without them, set")
    finally:
        await delete_topic(kafka.address)


async def test_another_cluster_stops_scoring(
    kafka: Server, database: str, scoring: StartScoring, workshop: Path
) -> None:
    service = await _folded(kafka.address, database, scoring)
    before = await _timeline(database)
    await asyncio.to_thread(service.stop)
    await delete_topic(kafka.address)
    other = await asyncio.to_thread(deploy.local.kafka.start, workshop / "other-kafka")
    try:
        await road.make_topic(other.address)
        await road.produce(other.address, BEFORE)
        elsewhere = scoring(VOC_KAFKA_BOOTSTRAP_SERVERS=other.address)
        await asyncio.to_thread(elsewhere.start)
        await _stopped(elsewhere, "point VOC_KAFKA_BOOTSTRAP_SERVERS at the cluster that was read before")
        assert await _timeline(database) == before
        await asyncio.to_thread(elsewhere.stop)
    finally:
        await asyncio.to_thread(other.stop)


async def _folded(bootstrap: str, database: str, scoring: StartScoring) -> Service:
    """A scoring process that has folded everything there was."""
    await road.make_topic(bootstrap)
    await road.produce(bootstrap, BEFORE)
    await road.apply_programme(database, RETAIL)
    service = scoring()
    await asyncio.to_thread(service.start)
    await asyncio.to_thread(service.ready)
    await road.until_folded(bootstrap, database, within=30, what=service.tail)
    return service


async def _timeline(database: str) -> int:
    rows = await road.fetch(database, "select count(*) from scoring.timeline where source <> 'voc:scoring'")
    count: int = rows[0]["count"]
    return count


async def _stopped(service: Service, sentence: str) -> None:
    """/readyz says no, and why, and so does the log."""

    def says_so() -> bool:
        answer = service.get("/readyz")
        return answer.status_code == 503 and sentence in answer.text

    await asyncio.to_thread(eventually, says_so, within=20, what=lambda: service.get("/readyz").text + service.tail())
    assert "partition-stopped" in service.tail()
