"""Ingest killed under load, and started again as a supervisor would: every 202 is found downstream, once."""

import asyncio
import random
from pathlib import Path

from deploy.local.server import Server
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.found import found_once
from tests.faults.load import Load
from tests.keys import make_key
from tests.processes import Service
from tests.programmes import RETAIL

KILLS = 4


async def test_every_202_is_found_once_when_ingest_is_killed_again_and_again(
    kafka: Server, database: str, scoring: StartScoring, workshop: Path
) -> None:
    await road.apply_programme(database, RETAIL)
    worker = scoring()
    ingest = Service("ingest", workshop, VOC_KAFKA_BOOTSTRAP_SERVERS=kafka.address, VOC_DATABASE_URL=database)
    chance = random.Random(5)
    try:
        for service in (worker, ingest):
            await asyncio.to_thread(service.start)
        for service in (worker, ingest):
            await asyncio.to_thread(service.ready)
        async with Load(ingest.url, await make_key(database, "ingest")) as load:
            for _ in range(KILLS):
                await load.more(150)
                await asyncio.sleep(chance.random() / 10)
                await asyncio.to_thread(ingest.kill)
                await asyncio.to_thread(ingest.start)
            await load.more(150)
    finally:
        await asyncio.to_thread(ingest.stop)
    assert set(load.answers) <= {202, 503, 0}  # 0: killed before it could answer, or not there yet
    assert load.answers[0] >= KILLS, "the kills were not felt"
    assert load.hasty == 0, "a 503 without Retry-After"
    await found_once(kafka.address, database, load, worker)
