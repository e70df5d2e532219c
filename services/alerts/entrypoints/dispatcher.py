"""Delivers what is queued: claim, write down, call, write down (docs/alerts.md has the numbered steps)."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerts import metrics
from services.alerts.adapters.address import resolved
from services.alerts.adapters.claimed import Claimed, Result
from services.alerts.adapters.conversations import CHANNEL
from services.alerts.adapters.queue import Queue
from services.alerts.channels.channel import Channel, NotSent, Outgoing, Refused, Thread, Unclear
from services.alerts.domain.conversation import State, kind_of
from services.alerts.domain.patience import Patience
from services.alerts.entrypoints import outcome
from shared.clock import Clock
from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

IDLE_SECONDS = 5.0  # looked even without a NOTIFY: one may be lost with a connection
SHORTEST_SECONDS = 0.02
SETTLE_AGAIN_SECONDS = 0.5


class Dispatcher:
    """Any number of these may run, in any number of processes."""

    def __init__(
        self,
        engine: AsyncEngine,
        queue: Queue,
        channels: Mapping[str, Channel],
        *,
        patience: Patience,
        at_once: int,
        send_within: timedelta,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._engine = engine
        self._queue = queue
        self._channels = channels
        self._patience = patience
        self._at_once = at_once
        self._send_within = send_within
        self._chance = chance
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
                task = asyncio.create_task(self._deliver(one, clock))
                self._under_way.add(task)
                task.add_done_callback(self._done)
            metrics.UNDER_WAY.set(len(self._under_way))
            room = self._at_once - len(self._under_way)

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._woken.set()
        metrics.UNDER_WAY.set(len(self._under_way))
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

    async def _deliver(self, claimed: Claimed, clock: Clock) -> None:
        """Steps 3 to 5. What is not written down in time is unclear when the lease ends."""
        if claimed.left:
            metrics.LEFT.labels(claimed.to.channel).inc()
        try:
            if not await self._queue.begin(claimed, clock()):
                return
        except AWAY as error:
            log.warning("delivery-not-begun", delivery=str(claimed.id), error=first_line(error))
            return
        # A process that slept here could otherwise call while somebody else looks whether it has called.
        if clock() + self._send_within <= claimed.lease_until:
            await self._settle(claimed, await self._try(claimed, clock), clock)

    async def _settle(self, claimed: Claimed, result: Result, clock: Clock) -> None:
        """As long as the lease lasts: a result that is lost with the database would make a mail go twice."""
        while True:
            try:
                if await self._queue.settle(claimed, result, clock()):
                    self._say(claimed, result, clock())
                return
            except AWAY as error:
                log.warning("delivery-not-settled", delivery=str(claimed.id), error=first_line(error))
                if clock() >= claimed.lease_until:
                    return
            await asyncio.sleep(SETTLE_AGAIN_SECONDS)

    async def _try(self, claimed: Claimed, clock: Clock) -> Result:
        """Step 4: the call itself."""
        try:
            channel = self._channels.get(claimed.to.channel)
            if channel is None:
                raise Refused(f"Alerts cannot send to {claimed.to.channel} yet.")
            delivery = _outgoing(claimed)
            async with asyncio.timeout(self._send_within.total_seconds()):
                sent = await (channel.find(delivery) if claimed.find else channel.send(delivery))
        except NotSent as fault:
            return self._failed(claimed, fault, clock())
        except TimeoutError:
            within = f"{self._send_within.total_seconds():g} s"
            return self._failed(claimed, Unclear(f"No answer within {within}; it is looked for."), clock())
        return outcome.absent(clock()) if sent is None else outcome.arrived(sent)

    def _failed(self, claimed: Claimed, fault: NotSent, now: datetime) -> Result:
        return outcome.failed(claimed, fault, now, patience=self._patience, chance=self._chance())

    @staticmethod
    def _say(claimed: Claimed, result: Result, now: datetime) -> None:
        what = "find" if claimed.find else "send"
        metrics.ATTEMPTS.labels(claimed.to.channel, what, result.outcome).inc()
        if result.pause is not None:
            metrics.PAUSED.labels(claimed.to.channel).inc()
        if result.state == State.DELIVERED and not claimed.edit:
            metrics.LATENCY.labels(claimed.to.channel).observe((now - claimed.caused_at).total_seconds())
        log.info(
            "attempt",
            delivery=str(claimed.id),
            kind=kind_of(claimed.letter),
            to=f"{claimed.to.channel} {claimed.to.address}",
            what=what,
            outcome=result.outcome,
            answer=result.answer,
        )


def _outgoing(claimed: Claimed) -> Outgoing:
    return Outgoing(
        delivery=claimed.id,
        address=resolved(claimed.to.address),
        thread=Thread(id=claimed.thread, root=claimed.root),
        letter=claimed.letter,
        edit=claimed.edit,
        tried_at=claimed.tried_at,
    )
