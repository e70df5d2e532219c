"""PostgreSQL that says nothing any more: its processes are frozen, its connections stay open, nobody is told."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil
import pytest

import deploy.local.postgres
from deploy.local.server import Server
from tests import reference, road
from tests.faults.conftest import StartScoring
from tests.faults.outcome import repeated_rows
from tests.faults.topic import delete_topic
from tests.orders import orders
from tests.processes import Service, eventually
from tests.programmes import RETAIL

ANSWER_SECONDS = 2.0
EVENTS = orders(1500, seed=9)


@pytest.fixture
def postgres(workshop: Path) -> Iterator[Server]:
    """A database server of the test's own."""
    server = deploy.local.postgres.start(workshop / "silent-postgres")
    yield server
    server.stop()


@contextmanager
def silent(server: Server) -> Iterator[None]:
    """Every process of the server stands still: one for each connection, besides the first."""
    server.freeze()
    frozen = psutil.Process(server.pid).children(recursive=True)
    for process in frozen:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in frozen:
            process.send_signal(signal.SIGCONT)
        server.thaw()


async def test_a_database_that_falls_silent_is_away_and_everything_is_folded_once_when_it_speaks_again(
    kafka: Server, postgres: Server, scoring: StartScoring
) -> None:
    await road.make_topic(kafka.address)
    await road.apply_programme(postgres.address, RETAIL)
    worker = scoring(
        VOC_DATABASE_URL=postgres.address,
        VOC_DATABASE_ANSWER_SECONDS=str(ANSWER_SECONDS),
        VOC_SCORING_BATCH="100",
    )
    await asyncio.to_thread(worker.start)
    await asyncio.to_thread(worker.ready)
    await road.produce(kafka.address, road.records(EVENTS[:1000]))
    with silent(postgres):
        await road.produce(kafka.address, road.records(EVENTS[1000:]))
        for names in (("batch-repeated", "lane-waits"), ("relay-waits",)):  # they say that they wait, rather than hang
            await asyncio.to_thread(eventually, partial(says, worker, names), within=30, what=worker.tail)
        answer = await asyncio.to_thread(worker.get, "/readyz")
        assert answer.status_code == 503, answer.text
    expected = reference.counts(EVENTS, datetime.now(UTC))
    await road.until_counts(postgres.address, expected, within=60, what=worker.tail)
    assert await repeated_rows(postgres.address) == 0
    await asyncio.to_thread(worker.ready)
    await delete_topic(kafka.address)


def says(worker: Service, names: tuple[str, ...]) -> bool:
    """Whether its log has one of these."""
    log = worker.log.read_text()
    return any(name in log for name in names)
