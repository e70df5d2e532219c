"""When the next request goes out: at once, or by the clock whether or not answers have come."""

import asyncio
from collections import deque
from time import perf_counter
from typing import Protocol

TICK_SECONDS = 0.001


class Caller(Protocol):
    """A connection that has nothing under way."""

    def ask(self, due: float) -> None:
        """Send the next request, which was due at that instant; perhaps a while ago."""

    def close(self) -> None:
        """No more of them."""


class Pace(Protocol):
    """What a connection is told when it is free."""

    def free(self, caller: Caller) -> None:
        """It may be asked for the next request, now or later."""

    async def keep(self) -> None:
        """Do what has to be done by the clock, until the end."""

    def end(self) -> None:
        """Let nothing new become due."""


class AtOnce:
    """A closed loop: each connection sends again when it was answered, so a door gets what it can take."""

    def __init__(self) -> None:
        self._ended = False

    def free(self, caller: Caller) -> None:
        if self._ended:
            caller.close()
        else:
            caller.ask(perf_counter())

    async def keep(self) -> None:
        """Nothing."""

    def end(self) -> None:
        self._ended = True


class ByTheClock:
    """An open loop: from `begin` on requests become due evenly, `rate` a second, and a latency counts from then.

    A door that stalls is not spared the requests that would have come meanwhile: they wait for a free connection, and
    their waiting counts.
    """

    def __init__(self, rate: float, *, begin: float) -> None:
        self._apart = 1 / rate
        self._next = begin
        self._due: deque[float] = deque()
        self._idle: deque[Caller] = deque()
        self._ended = False

    def free(self, caller: Caller) -> None:
        if self._due:
            caller.ask(self._due.popleft())
        elif self._ended:
            caller.close()
        else:
            self._idle.append(caller)

    async def keep(self) -> None:
        """Look a thousand times a second what has become due."""
        while not self._ended:
            self.tick(perf_counter())
            await asyncio.sleep(TICK_SECONDS)

    def tick(self, now: float) -> None:
        """Send what has become due by `now`, or let it wait for a connection; whoever is idle longest goes first."""
        while self._next <= now:
            if self._idle:
                self._idle.popleft().ask(self._next)
            else:
                self._due.append(self._next)
            self._next += self._apart

    def end(self) -> None:
        self._ended = True
        while self._idle:
            self._idle.popleft().close()
