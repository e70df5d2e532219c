"""Fires promises' timers: when their time has come and everything that was in Kafka by then has been folded."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring import metrics
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.store import ProgrammeChanged, Store
from services.scoring.adapters.timers import any_before
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.timer import fire
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.outcome import AWAY
from shared.clock import Clock
from shared.errors import first_line

log = structlog.get_logger(__name__)

MOST = 500  # instances in a transaction
LONGEST = 10.0  # seconds waited for what may have kept a promise: accepted before the ends were taken, it is on its way


class Timers:
    """One of these runs in every scoring process; a lock in the database lets one at a time fire."""

    def __init__(self, engine: AsyncEngine, store: Store, ends: Ends, programmes: Programmes) -> None:
        self._engine = engine
        self._store = store
        self._ends = ends
        self._programmes = programmes

    async def run(self, clock: Clock, every_seconds: float) -> None:
        """Look for due timers until cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            try:
                await self.fire_due(clock())
            except AWAY as error:
                log.warning("timers-wait", error=first_line(error))

    async def fire_due(self, at: datetime) -> None:
        """Fire all whose time has come by `at`, if what may have kept them is folded. Raises one of `AWAY`."""
        if self._ends.reads() and await self._any_due(at) and await self._ends.applied(within=LONGEST):
            while self._ends.reads() and await self._fire_some(at):
                pass

    async def _any_due(self, at: datetime) -> bool:
        async with self._engine.connect() as connection:
            return await any_before(connection, at)

    async def _fire_some(self, at: datetime) -> bool:
        """One transaction; whether there may be more to do."""
        ledger, reading = Ledger(), self._programmes.current
        try:
            async with self._store.firing(at, most=MOST, programme=reading.newest) as (transaction, keys):
                if not keys:
                    return False
                await transaction.load_customers(ledger, {customer for customer, _, _ in keys})
                await transaction.load_instances(ledger, set(keys))  # as they are now that their customers are locked
                for key in sorted(keys):
                    fire(ledger, key, at, rules_at=reading.at)
                await transaction.save(ledger)
        except ProgrammeChanged:  # nothing else of this process may have noticed: no event has come
            await self._programmes.reload()
            return True
        metrics.PROMISES_MISSED.inc(len(ledger.timeline))
        metrics.count_told(ledger.told)
        log.info("promises-missed", count=len(ledger.timeline))
        return len(keys) == MOST
