"""A worker that died and is started again under its slot reads on at once: nobody waits for Kafka's patience to end."""

import asyncio
import time

from deploy.local.server import Server
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.group import held, until_shared
from tests.faults.progress import folded
from tests.orders import orders
from tests.processes import Service, eventually
from tests.programmes import RETAIL

READS_WITHIN = 5.0  # seconds; Kafka would give its partitions away after ten
ATTEMPTS = 6  # on a machine that does other things too, one may be slow; none would be fast if it had to wait
HISTORY = road.records(orders(1500, seed=6))


async def test_a_killed_worker_started_again_reads_within_five_seconds(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    workers = [scoring(slot) for slot in (0, 1)]
    for worker in workers:
        await asyncio.to_thread(worker.start)
    await until_shared(*workers)
    mine, took, share = held(workers[0]), [], len(HISTORY) // ATTEMPTS
    for attempt in range(ATTEMPTS):
        await asyncio.to_thread(workers[0].kill)
        await road.produce(kafka.address, HISTORY[attempt * share : (attempt + 1) * share])
        took.append(await asyncio.to_thread(seconds_until_it_reads, workers[0]))
        assert held(workers[0]) == mine, "it was given others' partitions"
        if took[-1] < READS_WITHIN:
            return
    raise AssertionError(f"it took {took} seconds")


def seconds_until_it_reads(worker: Service) -> float:
    """Start it; how long from its door's opening until it has folded something. Before that it only imports, which
    takes one second or six by what else the machine does."""
    worker.start()
    eventually(lambda: worker.get("/healthz").status_code == 200, within=60, what=worker.tail)
    begun = time.monotonic()
    eventually(lambda: folded(worker), within=60, what=worker.tail)
    return time.monotonic() - begun
