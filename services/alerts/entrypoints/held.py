"""A delivery is held while its call is under way: a mail server may take ten minutes for its last word."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from services.alerts.adapters.claimed import Claimed
from services.alerts.adapters.queue import Queue
from shared.clock import Clock
from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

RENEW_AGAIN_SECONDS = 0.5


@asynccontextmanager
async def held(queue: Queue, claimed: Claimed, clock: Clock, *, within: timedelta) -> AsyncIterator[None]:
    """Renews the lease while the body runs, so that a process that dies leaves the delivery after one lease.

    Raises TimeoutError where the body takes longer than `within`, and where the lease cannot be renewed: while it is
    ours still, so that nobody else calls meanwhile.
    """
    loop = asyncio.get_running_loop()
    left = queue.ours_until(claimed.lease_until) - clock()
    async with asyncio.timeout(within.total_seconds()), asyncio.timeout(left.total_seconds()) as ours:
        renewing = loop.create_task(_renew(queue, claimed, clock, ours))
        try:
            yield
        finally:
            renewing.cancel()


async def _renew(queue: Queue, claimed: Claimed, clock: Clock, ours: asyncio.Timeout) -> None:
    loop, pause = asyncio.get_running_loop(), queue.renew_each.total_seconds()
    while True:
        await asyncio.sleep(pause)
        asked_at, at = loop.time(), clock()
        try:
            if not await queue.renew(claimed, at):
                return  # somebody else has it: `ours` ends soon
        except AWAY as error:
            log.warning("lease-not-renewed", delivery=str(claimed.id), error=first_line(error))
            pause = RENEW_AGAIN_SECONDS
            continue
        pause = queue.renew_each.total_seconds()
        if not ours.expired():
            ours.reschedule(asked_at + (queue.ours_until(at + queue.lease) - at).total_seconds())
