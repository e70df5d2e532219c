"""Kafka and PostgreSQL stopped and killed under load: every 202 is found downstream, once, and nobody needs a hand."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

import deploy.local.postgres
from deploy.local.server import Server
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.found import found_once
from tests.faults.load import Load
from tests.keys import make_key
from tests.processes import Service, eventually
from tests.programmes import RETAIL


@pytest.fixture(scope="module")
def postgres(workshop: Path) -> Iterator[Server]:
    """A database server of the module's own."""
    server = deploy.local.postgres.start(workshop / "outage-postgres")
    yield server
    server.stop()


@pytest.fixture
def ingest(kafka: Server, postgres: Server, workshop: Path) -> Iterator[Service]:
    service = Service("ingest", workshop, VOC_KAFKA_BOOTSTRAP_SERVERS=kafka.address, VOC_DATABASE_URL=postgres.address)
    yield service.start().ready()
    service.stop()


async def test_every_202_is_found_once_when_kafka_is_stopped_and_killed(
    kafka: Server, postgres: Server, ingest: Service, scoring: StartScoring
) -> None:
    worker = await working(postgres, scoring)
    async with Load(ingest.url, await make_key(postgres.address, "ingest")) as load:
        for end in (kafka.stop, kafka.kill):
            await load.more(200)
            await asyncio.to_thread(end)
            await asyncio.to_thread(
                eventually, lambda: worker.get("/readyz").status_code == 503, within=15, what=worker.tail
            )
            await asyncio.to_thread(kafka.restart)
            await load.more(200)
    assert load.answers[503] > 0, "the outage was not noticed"
    await found_once(kafka.address, postgres.address, load, worker)


async def test_every_202_is_found_once_when_postgresql_is_restarted_and_killed(
    kafka: Server, postgres: Server, ingest: Service, scoring: StartScoring
) -> None:
    worker = await working(postgres, scoring)
    async with Load(ingest.url, await make_key(postgres.address, "ingest")) as load:
        for end in (postgres.stop, postgres.kill):
            await load.more(200)
            await asyncio.to_thread(end)
            await load.more(200)  # the door stays open: it knows the keys
            await asyncio.to_thread(postgres.restart)
    assert set(load.answers) == {202}
    await found_once(kafka.address, postgres.address, load, worker)


async def test_scoring_leaves_in_good_order_also_while_kafka_is_away(
    kafka: Server, postgres: Server, scoring: StartScoring
) -> None:
    worker = await working(postgres, scoring)
    assert worker.process is not None
    await asyncio.to_thread(kafka.kill)
    try:
        worker.process.terminate()
        assert await asyncio.to_thread(worker.process.wait, 20) == 0, worker.tail()
    finally:
        await asyncio.to_thread(kafka.restart)
    again = await working(postgres, scoring)
    assert again.process is not None
    again.process.terminate()
    assert await asyncio.to_thread(again.process.wait, 20) == 0, again.tail()


async def working(postgres: Server, scoring: StartScoring) -> Service:
    """A scoring process that reads."""
    await road.apply_programme(postgres.address, RETAIL)
    worker = scoring(VOC_DATABASE_URL=postgres.address)
    await asyncio.to_thread(worker.start)
    await asyncio.to_thread(worker.ready)
    return worker
