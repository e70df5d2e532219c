"""Which sources' bridges are stopped, and why (`ingest.bridge_stops`): all processes go by it, also after a restart."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


class Stop(NamedTuple):
    """`configured` is the digest of the source as it was in the programme then: another one goes on."""

    source: str
    configured: bytes
    reason: str
    stopped_at: datetime


class Stops:
    """The table of stopped bridges."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def all(self) -> dict[str, Stop]:
        """By source."""
        async with self._engine.connect() as connection:
            return {row.source: Stop(*row) for row in await connection.execute(text(_ALL))}

    async def stop(self, source: str, configured: bytes, reason: str) -> None:
        """Let no process read this source on as it is configured."""
        async with self._engine.begin() as connection:
            await connection.execute(text(_STOP), {"source": source, "configured": configured, "reason": reason})

    async def resume(self, source: str) -> bool:
        """Let it be read on, its next records not judged by those before. False where it was not stopped."""
        async with self._engine.begin() as connection:
            resumed = bool((await connection.execute(text(_RESUME), {"source": source})).rowcount)
            await connection.execute(text(_FORGET), {"source": source})
            return resumed

    async def forget(self, source: str) -> None:
        """Judge the source's next records not by those before: they were read by another configuration."""
        async with self._engine.begin() as connection:
            await connection.execute(text(_FORGET), {"source": source})


_ALL = "select source, configured, reason, stopped_at from ingest.bridge_stops"
_STOP = """
insert into ingest.bridge_stops (source, configured, reason) values (:source, :configured, :reason)
on conflict (source) do update
set configured = excluded.configured, reason = excluded.reason, stopped_at = excluded.stopped_at
"""
_RESUME = "delete from ingest.bridge_stops where source = :source"
_FORGET = "update ingest.bridge_positions set refused_in_a_row = 0 where source = :source and refused_in_a_row > 0"
