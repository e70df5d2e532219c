"""Scoring killed again and again while events flow comes to what an undisturbed run comes to, to the last bit."""

import asyncio
import random
from collections.abc import Sequence

from deploy.local.server import Server
from tests import road
from tests.faults.conftest import StartScoring
from tests.faults.group import until_shared
from tests.faults.outcome import differences, repeated_rows, timers, until_timers_fired
from tests.faults.progress import folded
from tests.orders import orders
from tests.processes import Service
from tests.programmes import RETAIL

RECORDS = 200_000
SLOTS = (0, 1)
VICTIMS = ((0,), (1,), (0, 1), (1,), (0,)) * 4  # 24 kills in 20 rounds
SMALL = "400"  # events a transaction, so that kills hit in the middle of something


async def test_killed_workers_come_to_what_undisturbed_ones_come_to(
    kafka: Server, database: str, second_database: str, scoring: StartScoring
) -> None:
    sent = history()
    await road.make_topic(kafka.address)
    await road.apply_programme(database, RETAIL)
    workers = [scoring(slot, VOC_DATABASE_URL=database, VOC_SCORING_BATCH=SMALL) for slot in SLOTS]
    await run(workers)
    await until_shared(*workers)
    chance, share, hits = random.Random(3), len(sent) // len(VICTIMS), 0
    for number, victims in enumerate(VICTIMS):
        await road.produce(kafka.address, sent[number * share : (number + 1) * share])
        hits += await kill([workers[slot] for slot in victims], chance)
    assert hits >= 20, "too few of the kills hit a worker at work"
    await road.until_folded(kafka.address, database, within=120, what=workers[0].tail)
    await until_timers_fired(database, within=30)
    for worker in workers:
        await asyncio.to_thread(worker.stop)

    await road.apply_programme(second_database, RETAIL)
    undisturbed = [scoring(slot, VOC_DATABASE_URL=second_database) for slot in SLOTS]
    await run(undisturbed)
    await asyncio.to_thread(undisturbed[0].ready)
    await road.until_folded(kafka.address, second_database, within=120, what=undisturbed[0].tail)
    await until_timers_fired(second_database, within=30)

    assert await differences(database, second_database) == []
    assert (await repeated_rows(database), await repeated_rows(second_database)) == (0, 0)
    assert await timers(database) >= await timers(second_database)


def history() -> list[tuple[str, bytes]]:
    """200,000 records, a quarter of them duplicates that come at any time before or after their twins."""
    chance = random.Random(7)
    once = road.records(orders(40_000, seed=7))
    sent = once + chance.choices(once, k=RECORDS - len(once))
    chance.shuffle(sent)
    return sent


async def run(workers: Sequence[Service]) -> None:
    for worker in workers:
        await asyncio.to_thread(worker.start)


async def kill(victims: Sequence[Service], chance: random.Random) -> int:
    """SIGKILL workers within a moment of their folding; start them again, at once or after a while. How many of them
    had folded something since they were started."""
    hit: list[bool] = []
    for _ in range(150):
        hit = [await asyncio.to_thread(folded, victim) > 0 for victim in victims]
        if all(hit):
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(chance.random() * 0.4)
    for victim in victims:
        await asyncio.to_thread(victim.kill)
    await asyncio.sleep(chance.choice((0, 0, 0, 2)))
    await run(victims)
    return sum(hit)
