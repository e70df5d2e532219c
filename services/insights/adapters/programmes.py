"""The programme's versions, read from PostgreSQL and kept until a newer one is stored."""

import asyncio

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.insights import metrics
from shared.errors import first_line
from shared.postgres.engine import AWAY
from shared.programme.history import History
from shared.programme.store import newest, versions

log = structlog.get_logger(__name__)

REFRESH_SECONDS = 1.0
ANSWER_SECONDS = 5.0  # so long may the database take before it is asked anew


class Programmes:
    """`history` is what was read last; while the database is away, it holds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._newest: int | None = None
        self.history = History(())
        self.loaded = False

    async def refresh(self) -> None:
        """Read the versions if there is one that was not read. Raises one of `AWAY` without a database."""
        async with self._engine.connect() as connection:
            found = await newest(connection)
            if self.loaded and found == self._newest:
                return
            self.history = History(await versions(connection))
        self._newest = max((version.id for version in self.history.versions), default=None)
        self.loaded = True
        metrics.PROGRAMME.set(self._newest or 0)
        log.info("programme-read", version=self._newest)

    async def with_version(self, number: int | None) -> History:
        """The history, read again where that version is not in it yet. Raises one of `AWAY` without a database."""
        if number is not None and self.history.version(number) is None:
            await self.refresh()
        return self.history

    async def keep_fresh(self) -> None:
        """Refresh for ever."""
        said = ""
        while True:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self.refresh()
                said = ""
            except AWAY as error:
                fault = first_line(error)
                if fault != said:
                    log.warning("programme-not-refreshed", error=fault)
                    said = fault
            await asyncio.sleep(REFRESH_SECONDS)
