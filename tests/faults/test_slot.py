"""Two workers that were given the same slot: the second waits, says so, and takes over when the first is gone."""

import asyncio

from deploy.local.server import Server
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.group import held
from tests.processes import Service, eventually
from tests.programmes import RETAIL

TAKEN = "slot 0 is taken by another process: give each worker its own VOC_SCORING_SLOT"


async def test_the_second_of_a_slot_waits_for_the_first_and_says_so(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    first, second = scoring(0), scoring(0)
    await asyncio.to_thread(first.start)
    await asyncio.to_thread(first.ready)
    await asyncio.to_thread(eventually, lambda: held(first), within=30, what=first.tail)
    await asyncio.to_thread(second.start)
    await asyncio.to_thread(eventually, lambda: waits(second), within=30, what=second.tail)
    assert TAKEN in second.log.read_text()
    assert held(second) == []
    assert (await asyncio.to_thread(first.get, "/readyz")).status_code == 200

    await asyncio.to_thread(first.kill)
    await asyncio.to_thread(second.ready)
    await asyncio.to_thread(eventually, lambda: held(second), within=30, what=second.tail)


def waits(worker: Service) -> bool:
    answer = worker.get("/readyz")
    return answer.status_code == 503 and TAKEN in answer.text
