"""Groups leave together, when those before them are back, and are not kept for ever by one that is not."""

import asyncio
from time import monotonic

from services.ingest.adapters.departure import GATHER_SECONDS, LONGEST_SECONDS, Departure


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_all_who_wait_leave_at_once() -> None:
    departure = Departure()
    began_at = monotonic()
    waiting = [asyncio.create_task(departure.wait()) for _ in range(3)]
    await settle()
    assert not any(task.done() for task in waiting)
    done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    await settle()
    assert len(done) >= 1
    assert all(task.done() for task in waiting)
    assert monotonic() - began_at >= GATHER_SECONDS * 0.9


async def test_nobody_leaves_before_those_under_way_are_back() -> None:
    departure = Departure()
    departure.left()
    departure.left()
    waiting = asyncio.create_task(departure.wait())
    await asyncio.sleep(GATHER_SECONDS * 5)
    departure.back()
    assert not waiting.done()
    departure.back()
    await waiting


async def test_one_that_does_not_come_back_keeps_the_others_for_a_moment_only() -> None:
    departure = Departure()
    departure.left()
    began_at = monotonic()
    await departure.wait()
    assert monotonic() - began_at >= LONGEST_SECONDS * 0.9


async def test_who_gives_up_waiting_takes_nobody_along() -> None:
    departure = Departure()
    leaves, stays = asyncio.create_task(departure.wait()), asyncio.create_task(departure.wait())
    await settle()
    leaves.cancel()
    await stays
    assert leaves.cancelled()
    await departure.wait()
