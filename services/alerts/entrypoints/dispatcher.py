"""Delivers what is queued: claims what is due, and sees to it that somebody is awake when more is."""

import asyncio
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerts import metrics
from services.alerts.adapters.conversations import CHANNEL
from services.alerts.adapters.queue import Queue
from services.alerts.entrypoints.attempt import Attempts
from shared.clock import Clock
from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

IDLE_SECONDS = 5.0  # looked even without a NOTIFY: one may be lost with a connection
SHORTEST_SECONDS = 0.02


class Dispatcher:
    """Any number of these may run, in any number of processes."""

    def __init__(self, engine: AsyncEngine, queue: Queue, attempts: Attempts, *, at_once: int) -> None:
        self._engine = engine
        self._queue = queue
        self._attempts = attempts
        self._at_once = at_once
        self._woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, clock: Clock) -> None:
        """Deliver until cancelled; errors of PostgreSQL pass."""
        while True:
            try:
                await self._listen(clock)
            except AWAY as error:
                log.warning("dispatcher-waits", error=first_line(error))
            await asyncio.sleep(1)

    async def _listen(self, clock: Clock) -> None:
        """Woken by NOTIFY on a connection of its own."""
        async with self._engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.add_listener(CHANNEL, lambda *_: self._woken.set())
            try:
                while not driver.is_closed():
                    self._woken.clear()
                    await self.turn(clock)
                    await self._rest(clock())
            finally:
                await connection.invalidate()  # with it goes the listener

    async def turn(self, clock: Clock) -> None:
        """Take on what is due, as much as may be under way at once."""
        room = self._at_once - len(self._under_way)
        while room > 0:
            claimed = await self._queue.claim(clock(), room)
            if not claimed:
                return
            for one in claimed:
                task = asyncio.create_task(self._attempts.make(one, clock))
                self._under_way.add(task)
                task.add_done_callback(self._done)
            metrics.UNDER_WAY.inc(len(claimed))
            room = self._at_once - len(self._under_way)

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._woken.set()
        metrics.UNDER_WAY.dec()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery-broken-off", error=first_line(error), kind=type(error).__name__)

    async def _rest(self, now: datetime) -> None:
        """Until something is queued, done, or due."""
        due_at = await self._queue.next_at()
        pause = IDLE_SECONDS if due_at is None else (due_at - now).total_seconds()
        full = len(self._under_way) >= self._at_once
        seconds = IDLE_SECONDS if full else min(max(pause, SHORTEST_SECONDS), IDLE_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass
