"""One attempt at a delivery, steps 3 to 5: write down that it is tried, call, write down what came of it."""

import asyncio
import random
from collections.abc import Callable, Mapping

import structlog

from services.alerts import metrics
from services.alerts.adapters.address import resolved
from services.alerts.adapters.claimed import Claimed, Result
from services.alerts.adapters.queue import Queue
from services.alerts.channels.channel import Channel, NotSent, Outgoing, Sent, Thread
from services.alerts.domain.conversation import State, kind_of
from services.alerts.domain.patience import Patience
from services.alerts.entrypoints import outcome
from services.alerts.entrypoints.held import held
from shared.clock import Clock
from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

SETTLE_AGAIN_SECONDS = 0.5


class Attempts:
    """Makes attempts, any number at a time. What is not written down in time is unclear when the lease ends."""

    def __init__(
        self,
        queue: Queue,
        channels: Mapping[str, Channel],
        *,
        patience: Patience,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._queue = queue
        self._channels = channels
        self._patience = patience
        self._chance = chance

    async def make(self, claimed: Claimed, clock: Clock) -> None:
        """From the claim to the end of the attempt."""
        if claimed.left:
            metrics.LEFT.labels(claimed.to.channel).inc()
        try:
            if not await self._queue.begin(claimed, clock()):
                return
        except AWAY as error:
            log.warning("delivery-not-begun", delivery=str(claimed.id), error=first_line(error))
            return
        # A process that slept here could otherwise call while somebody else looks whether it has called.
        if self._queue.still_ours(claimed, clock()):
            await self._settle(claimed, await self._try(claimed, clock), clock)

    async def _try(self, claimed: Claimed, clock: Clock) -> Result:
        """Step 4: the call itself. Whatever it raises is an outcome; a fault of ours is one of them."""
        try:
            sent = await self._call(claimed, clock)
        except NotSent as fault:
            return self._failed(claimed, fault, clock)
        except TimeoutError:
            return self._failed(claimed, outcome.broken_off(), clock)
        except Exception as error:
            log.exception("channel-fault", delivery=str(claimed.id), channel=claimed.to.channel)
            return self._failed(claimed, outcome.fault(error), clock)
        return outcome.absent(clock()) if sent is None else outcome.arrived(sent)

    async def _call(self, claimed: Claimed, clock: Clock) -> Sent | None:
        channel, delivery = self._channels[claimed.to.channel], _outgoing(claimed)
        async with held(self._queue, claimed, clock, within=channel.within):
            return await (channel.find(delivery) if claimed.find else channel.send(delivery))

    def _failed(self, claimed: Claimed, fault: NotSent, clock: Clock) -> Result:
        return outcome.failed(claimed, fault, clock(), patience=self._patience, chance=self._chance())

    async def _settle(self, claimed: Claimed, result: Result, clock: Clock) -> None:
        """Until it is written or somebody else has it: a result that is lost would make a mail go twice."""
        while True:
            try:
                if await self._queue.settle(claimed, result, clock()):
                    _say(claimed, result, clock)
                return
            except AWAY as error:
                log.warning("delivery-not-settled", delivery=str(claimed.id), error=first_line(error))
            await asyncio.sleep(SETTLE_AGAIN_SECONDS)


def _say(claimed: Claimed, result: Result, clock: Clock) -> None:
    what = "find" if claimed.find else "send"
    metrics.ATTEMPTS.labels(claimed.to.channel, what, result.outcome).inc()
    if result.pause is not None:
        metrics.PAUSED.labels(claimed.to.channel).inc()
    if result.state == State.DELIVERED and not claimed.edit:
        metrics.LATENCY.labels(claimed.to.channel).observe((clock() - claimed.caused_at).total_seconds())
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
        earlier=claimed.earlier,
    )
