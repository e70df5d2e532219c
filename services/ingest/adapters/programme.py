"""The programme in force, read from PostgreSQL when a newer version holds. While that is away the last one stands."""

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock
from shared.errors import first_line
from shared.postgres.engine import AWAY
from shared.programme.history import History, NoProgramme, Version
from shared.programme.model import Source
from shared.programme.store import newest, versions

REFRESH_SECONDS = 2.0
ANSWER_SECONDS = 2.0

log = structlog.get_logger(__name__)


class InForce:
    """Looks every few seconds. `asked` tells that the database has answered once: before, nobody knows who may send."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._newest: int | None = None
        self._history = History(())
        self._takers: list[Callable[[Version], None]] = []
        self.version: Version | None = None
        self.asked = False

    def tell(self, taker: Callable[[Version], None]) -> None:
        """Call `taker` with each version when it begins to hold, and with the one that holds now."""
        self._takers.append(taker)
        if self.version is not None:
            taker(self.version)

    def sources(self) -> tuple[Source, ...]:
        """Those of the version that holds; none before the first one."""
        return () if self.version is None else self.version.programme.sources

    async def keep_fresh(self) -> None:
        """Look for ever."""
        while True:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self.refresh()
            except AWAY as error:
                log.warning("programme-not-refreshed", error=first_line(error))
            await asyncio.sleep(REFRESH_SECONDS)

    async def refresh(self) -> None:
        """Take up the version that holds now. Raises one of `AWAY`."""
        async with self._engine.connect() as connection:
            found = await newest(connection)
            if found != self._newest:
                self._history, self._newest = History(await versions(connection)), found
        self.asked = True
        try:
            version = self._history.at(self._clock())
        except NoProgramme:
            return
        if self.version is None or version.id != self.version.id:
            self.version = version
            log.info("programme-in-force", version=version.id)
            for take in self._takers:
                take(version)
