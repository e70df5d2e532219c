"""Whoever has much to do takes turns with the rest of the loop, and one at a time."""

import asyncio
from time import monotonic

from services.ingest.adapters.breather import TURN_SECONDS, Breather


async def test_a_turn_ends_soon_and_everybody_else_comes_first() -> None:
    breather = Breather(0.5)
    came: list[int] = []
    for number in range(20):
        asyncio.get_running_loop().call_soon(came.append, number)
    begun = monotonic()
    until = await breather.breathe()
    assert came == list(range(20))
    assert begun < until <= monotonic() + TURN_SECONDS


async def test_between_the_turns_of_two_the_rest_of_the_loop_comes_round() -> None:
    breather, rounds = Breather(1.0), [0]
    turns: list[int] = []

    async def others() -> None:
        while True:
            rounds[0] += 1
            await asyncio.sleep(0)

    async def greedy() -> None:
        for _ in range(50):
            await breather.breathe()
            turns.append(rounds[0])

    watching = asyncio.create_task(others())
    await asyncio.gather(greedy(), greedy(), greedy())
    watching.cancel()
    assert len(set(turns)) == len(turns) == 150
