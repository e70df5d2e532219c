"""How much came from whom: counted in memory where it is taken, written down every few seconds."""

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.ingest.domain.failing import BEGINS_WITHIN, OVER_AFTER, Count, Traffic
from services.ingest.domain.kept import LONGEST_SOURCE
from shared.clock import Clock
from shared.errors import first_line
from shared.events.set_aside import Door
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0
MOST_SOURCES = 10_000  # of a minute, in memory: sources are those of the programme, so there are far fewer

Key = tuple[Door, str, datetime]


def minute_of(at: datetime) -> datetime:
    """The beginning of its minute."""
    return at.replace(second=0, microsecond=0)


class Taken:
    """What was taken, by door and source: a call costs an addition, and PostgreSQL's absence nothing."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._counted: Counter[Key] = Counter()

    def note(self, door: Door, source: str, events: int = 1) -> None:
        """So many events, deliveries or records of this source were taken just now."""
        if len(self._counted) < MOST_SOURCES:
            self._counted[door, source[:LONGEST_SOURCE], minute_of(self._clock())] += events

    async def run(self) -> None:
        """Write down until cancelled. What cannot be written stays for the next time."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.write()
            except AWAY as error:
                log.debug("traffic-waits", error=first_line(error))

    async def write(self) -> None:
        """Add what was counted since the last time. Raises one of `AWAY`, and then nothing of it was written."""
        if not self._counted:
            return
        counted, self._counted = self._counted, Counter()
        try:
            async with self._engine.begin() as connection:
                await connection.execute(text(_ADD), _rows(counted))
        except BaseException:
            self._counted.update(counted)
            raise


def _rows(counted: Counter[Key]) -> list[dict[str, Any]]:
    """In one order, so that two processes do not wait for one another in a circle."""
    return [
        {"door": door, "source": source, "minute": minute, "taken": n, "refused": 0, "reason": None}
        for (door, source, minute), n in sorted(counted.items())
    ]


async def add_refused(connection: AsyncConnection, refused: Counter[Key], reasons: dict[Key, str]) -> None:
    """Add to what was refused, in the caller's transaction."""
    rows = [
        {"door": key[0], "source": key[1], "minute": key[2], "taken": 0, "refused": n, "reason": reasons[key]}
        for key, n in sorted(refused.items())
    ]
    if rows:
        await connection.execute(text(_ADD), rows)


async def seen(connection: AsyncConnection, now: datetime) -> list[Traffic]:
    """Every source that was heard of in the last hour."""
    times = {"lately": minute_of(now) - BEGINS_WITHIN, "hour": minute_of(now) - OVER_AFTER}
    return [
        Traffic(
            row.door,
            row.source,
            Count(int(row.taken_lately), int(row.refused_lately)),
            Count(int(row.taken), int(row.refused)),
            row.since or now,
            row.reason or "",
        )
        for row in await connection.execute(text(_SEEN), times)
    ]


async def forget(connection: AsyncConnection, before: datetime) -> None:
    """Delete what nobody decides by any more."""
    await connection.execute(text("delete from ingest.traffic where minute < :before"), {"before": before})


_ADD = """
insert into ingest.traffic as t (door, source, minute, taken, refused, reason)
values (:door, :source, :minute, :taken, :refused, :reason)
on conflict (door, source, minute) do update set
    taken = t.taken + excluded.taken,
    refused = t.refused + excluded.refused,
    reason = coalesce(excluded.reason, t.reason)
"""
# Index: traffic_by_minute.
_SEEN = """
select door, source, sum(taken) as taken, sum(refused) as refused,
    coalesce(sum(taken) filter (where minute > :lately), 0) as taken_lately,
    coalesce(sum(refused) filter (where minute > :lately), 0) as refused_lately,
    min(minute) filter (where minute > :lately and refused > 0) as since,
    (array_agg(reason order by minute desc) filter (where reason is not null))[1] as reason
from ingest.traffic where minute > :hour group by door, source
"""
