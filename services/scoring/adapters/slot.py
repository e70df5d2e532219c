"""A worker's slot is its own: two that take the same one push each other out of Kafka's group, without a word."""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

RETRY_SECONDS = 0.5
LOOK_SECONDS = 5.0


class Slot:
    """Holds a lock named after the slot, on a connection of its own: it goes when the process does. `fault` says why
    the slot is not ours."""

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._taken = asyncio.Event()
        self.fault: str | None = None

    async def taken(self) -> None:
        """Wait until it is ours."""
        await self._taken.wait()

    async def keep(self) -> None:
        """Take it, and take it again when the connection was lost, until cancelled."""
        while True:
            try:
                async with self._engine.connect() as connection:
                    await self._hold(await connection.execution_options(isolation_level="AUTOCOMMIT"))
            except AWAY as error:
                log.warning("slot-waits", error=first_line(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _hold(self, connection: AsyncConnection) -> None:
        """Look after the lock for ever. Raises one of `AWAY`; the connection never goes back with the lock on it."""
        try:
            while not await connection.scalar(_TAKE, {"name": f"scoring.slot {self._name}"}):
                self._say_taken()
                await asyncio.sleep(RETRY_SECONDS)
            self.fault = None
            self._taken.set()
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                await connection.execute(text("select 1"))
        finally:
            await connection.invalidate()

    def _say_taken(self) -> None:
        if self.fault is None:
            self.fault = f"slot {self._name} is taken by another process: give each worker its own VOC_SCORING_SLOT"
            log.error("slot-taken", reason=self.fault)


_TAKE = text("select pg_try_advisory_lock(hashtext(:name))")
