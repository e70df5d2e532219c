"""Groups leave together, when those before them are back, and are not kept for ever by one that is not."""

import asyncio
from time import monotonic

from services.ingest.adapters.departure import LONGEST_SECONDS, Departure


async def turns() -> None:
    """A few turns of the loop, and no time."""
    for _ in range(5):
        await asyncio.sleep(0)


def some(departure: Departure) -> list["asyncio.Task[None]"]:
    return [asyncio.create_task(departure.wait()) for _ in range(3)]


async def test_when_nothing_is_under_way_it_is_the_next_turn() -> None:
    waiting = some(Departure())
    await turns()
    assert all(task.done() for task in waiting)


async def test_all_leave_when_the_last_one_under_way_is_back() -> None:
    departure = Departure()
    departure.left()
    departure.left()
    waiting = some(departure)
    departure.back()
    await turns()
    assert not any(task.done() for task in waiting)
    departure.back()
    await turns()
    assert all(task.done() for task in waiting)


async def test_one_that_does_not_come_back_keeps_the_others_for_a_moment_only() -> None:
    departure = Departure()
    departure.left()
    began_at = monotonic()
    await departure.wait()
    assert monotonic() - began_at >= LONGEST_SECONDS * 0.9
    waiting = some(departure)  # and the next ones as well
    await turns()
    assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)


async def test_who_gives_up_waiting_takes_nobody_along() -> None:
    departure = Departure()
    leaves, stays = asyncio.create_task(departure.wait()), asyncio.create_task(departure.wait())
    await asyncio.sleep(0)
    leaves.cancel()
    await stays
    assert leaves.cancelled()
