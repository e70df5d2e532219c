"""Lets the door go first: who has much to do takes it in small turns, and smaller a share while others are at work."""

import asyncio
from time import monotonic

TURN_SECONDS = 0.001
LONGEST_SECONDS = 0.05  # that a turn counts for: longer ones waited for something
IDLE_SECONDS = 0.0003  # a loop that comes round sooner had nothing else to do


class Breather:
    """One for all bridges of a process, so that a turn of the loop holds one of theirs at most.

    `share` is what they get of the time between 0 and 1 while the door is at work; else they get all of it. A turn that
    took longer, because the machine had no processor for us, is followed by a longer rest.
    """

    def __init__(self, share: float) -> None:
        self._rest = (1 - share) / share
        self._one = asyncio.Lock()

    async def breathe(self, worked: float = 0.0) -> float:
        """Let everybody else go first, after a turn of `worked` seconds; until when (monotonic) one may then work."""
        async with self._one:
            begun = monotonic()
            await asyncio.sleep(0)
            others = monotonic() - begun
            if others > IDLE_SECONDS:
                await asyncio.sleep(max(0.0, min(worked, LONGEST_SECONDS) * self._rest - others))
        return monotonic() + TURN_SECONDS
