"""One clock for all processes of a service: PostgreSQL's, for their machines' own may differ."""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock, now
from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0
WORTH_A_WORD = timedelta(seconds=2)


class SharedClock:
    """This machine's clock, set by PostgreSQL's. A lease that one process writes ends at the same instant for all; by
    their own clocks, one that is ahead would take a delivery from another in the middle of its call."""

    def __init__(self, engine: AsyncEngine, *, own: Clock = now) -> None:
        self._engine = engine
        self._own = own
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return self._own() + self._ahead

    async def set(self) -> None:
        """As exact as half the time that PostgreSQL takes to answer. Raises one of `AWAY`."""
        async with self._engine.connect() as connection:
            before = self._own()
            theirs: datetime = await connection.scalar(text("select clock_timestamp()"))
            found = theirs - (before + (self._own() - before) / 2)
        if abs(found - self._ahead) > WORTH_A_WORD:
            log.warning("clock-differs", postgres_is_ahead_seconds=round(found.total_seconds(), 3))
        self._ahead = found

    async def keep(self) -> None:
        """Set it each minute until cancelled; while the database is away it goes on as it was."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.set()
            except AWAY as error:
                log.warning("clock-not-set", error=first_line(error))
