"""Kafka and PostgreSQL stopped and killed under load: every 202 is found downstream, once, and nobody needs a hand."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

import deploy.local.postgres
from deploy.local.server import Server
from shared.http.keys import digest, new_key
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.load import Load
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
    async with Load(ingest.url, await a_key(postgres)) as load:
        for end in (kafka.stop, kafka.kill):
            await load.more(200)
            await asyncio.to_thread(end)
            await asyncio.to_thread(
                eventually, lambda: worker.get("/readyz").status_code == 503, within=15, what=worker.tail
            )
            await asyncio.to_thread(kafka.restart)
            await load.more(200)
    assert load.answers[503] > 0, "the outage was not noticed"
    await found_once(kafka, postgres, load, worker)


async def test_every_202_is_found_once_when_postgresql_is_restarted_and_killed(
    kafka: Server, postgres: Server, ingest: Service, scoring: StartScoring
) -> None:
    worker = await working(postgres, scoring)
    async with Load(ingest.url, await a_key(postgres)) as load:
        for end in (postgres.stop, postgres.kill):
            await load.more(200)
            await asyncio.to_thread(end)
            await load.more(200)  # the door stays open: it knows the keys
            await asyncio.to_thread(postgres.restart)
    assert set(load.answers) == {202}
    await found_once(kafka, postgres, load, worker)


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


async def a_key(postgres: Server) -> str:
    """A new key that may send."""
    key = new_key()
    statement = "insert into voc.keys (name, scope, digest) values ($1, 'ingest', $2)"
    await road.execute(postgres.address, statement, key[-8:], digest(key))
    return key


async def found_once(kafka: Server, postgres: Server, load: Load, worker: Service) -> None:
    """Every acknowledged event is in the timeline once, nothing else but what was sent, and the counts are theirs."""
    await road.until_folded(kafka.address, postgres.address, within=60, what=worker.tail)
    rows = await road.fetch(postgres.address, "select id from scoring.timeline where id like $1", f"{load.name}-%")
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert load.acknowledged - set(ids) == set(), "acknowledged and lost"
    assert set(ids) <= load.sent
    counted = await road.fetch(
        postgres.address,
        "select sum(n) as n from scoring.read_counts where metric = 'response_seconds' and channel = $1",
        load.name,
    )
    assert counted[0]["n"] == len(ids)
    assert (await asyncio.to_thread(worker.get, "/readyz")).status_code == 200, worker.tail()
