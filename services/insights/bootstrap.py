"""What insights is made of, in the order in which it starts; it stops in the reverse order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from services.insights.adapters.counts import Counted
from services.insights.adapters.customers import Customers
from services.insights.adapters.database import Database
from services.insights.adapters.programmes import Programmes
from services.insights.adapters.statuses import Statuses
from services.insights.entrypoints import api
from services.insights.entrypoints.sources import Sources
from services.insights.settings import Settings
from shared.clock import now
from shared.errors import first_line
from shared.http.keys import KeyRing
from shared.postgres.check import answers
from shared.postgres.engine import AWAY, connect
from shared.postgres.migrate import migrate

log = structlog.get_logger(__name__)

RETRY_SECONDS = 0.5


class Insights:
    """One process: its door is open at once; keys and programme are kept fresh while it runs."""

    def __init__(self, settings: Settings, engine: AsyncEngine) -> None:
        self._engine = engine
        self._keys = KeyRing(engine)
        self._programmes = Programmes(engine)
        database = Database(engine, within_seconds=settings.insights_answer_seconds)
        sources = Sources(
            keys=self._keys,
            programmes=self._programmes,
            counted=Counted(database),
            statuses=Statuses(database),
            customers=Customers(database),
            clock=now,
            patience=timedelta(seconds=settings.insights_stale_seconds),
            held=timedelta(seconds=settings.scoring_held_seconds),
        )
        checks = {
            "postgres": lambda: answers(engine),
            "keys": self._keys_are_loaded,
            "programme": self._programme_is_read,
        }
        self.app: FastAPI = api.build(sources, checks)

    async def run(self) -> None:
        """Everything, until cancelled."""
        await self._migrate()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keys.keep_fresh())
            group.create_task(self._programmes.keep_fresh())

    async def _migrate(self) -> None:
        """The schema `voc`, which keys and programme stand in: whoever starts first makes it."""
        said = ""
        while True:
            try:
                return await migrate(self._engine, "voc", "shared.postgres.migrations")
            except AWAY as error:
                fault = first_line(error)
                if fault != said:
                    log.info("waits", what="PostgreSQL", error=fault)
                    said = fault
                await asyncio.sleep(RETRY_SECONDS)

    async def _keys_are_loaded(self) -> str | None:
        return None if self._keys.loaded else "the keys are not loaded yet"

    async def _programme_is_read(self) -> str | None:
        """None as soon as the versions were read, also where there is none yet."""
        return None if self._programmes.loaded else "the programme's versions are not read yet"


@asynccontextmanager
async def insights(settings: Settings) -> AsyncIterator[Insights]:
    """The service's parts, not running yet."""
    engine = connect(settings.database, application="voc-insights", pool_size=settings.insights_connections)
    try:
        yield Insights(settings, engine)
    finally:
        await engine.dispose()
