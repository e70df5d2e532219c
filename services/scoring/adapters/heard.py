"""Who was heard in which quarter-hour: written once for each, so it costs the hot path a look into a dictionary."""

from collections.abc import Iterable, Iterator, Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring.domain.silence import FOUR_WEEKS, SOURCE, Heard, Voice
from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

KEPT = FOUR_WEEKS + 7 * 96  # a week more says that it was there before
MOST_SOURCES = 500
"""Sources that are listened to, of those that were heard in these weeks; touchpoints have their end in the map. Where
each device is a source of its own, nobody is missed by the silence of one."""


class Ear:
    """Notes voices after their batch is durable: one that is lost with the process is heard again soon. Whoever is in
    the table is listened to, whichever process heard him first: else he would be called silent."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._last: dict[tuple[str, str], int] = {}  # all that the table has, with the latest quarter that is noted
        self._read_in: int | None = None  # the quarter in which the table was read

    async def note(self, voices: Iterable[Voice]) -> None:
        """Keep those that are new. The database's being away is no trouble here."""
        new = [one for one in voices if self._last.get(one[:2]) != one[2]]
        if not new:
            return
        quarter = max(one[2] for one in new)
        try:
            if self._read_in is None or self._read_in < quarter:
                await self._read(quarter)
            await self._keep(sorted(self._listened_to(new, quarter)))
        except AWAY as error:
            log.warning("voices-not-noted", error=first_line(error))

    async def _read(self, quarter: int) -> None:
        async with self._engine.connect() as connection:
            rows = await connection.execute(text(_NAMES))
            self._last = {(row.kind, row.name): row.last for row in rows}
        self._read_in = quarter

    async def _keep(self, new: list[Voice]) -> None:
        if not new:
            return
        columns = dict(zip(("kinds", "names", "quarters"), map(list, zip(*new, strict=True)), strict=True))
        async with self._engine.begin() as connection:
            await connection.execute(text(_NOTE), columns)
        self._last.update({(kind, name): quarter for kind, name, quarter in new})

    def _listened_to(self, new: list[Voice], quarter: int) -> Iterator[Voice]:
        unknown = sorted({one[:2] for one in new if one[0] == SOURCE and one[:2] not in self._last})
        if unknown:
            living = sum(kind == SOURCE and last >= quarter - KEPT for (kind, _), last in self._last.items())
            unknown = unknown[max(MOST_SOURCES - living, 0) :]
        left_out = set(unknown)
        return (one for one in new if one[:2] not in left_out)


async def heard(engine: AsyncEngine) -> Sequence[Heard]:
    """All voices; what is older than needed is forgotten. It looks at five weeks, so nothing is held meanwhile."""
    async with engine.begin() as connection:
        await connection.execute(text(_FORGET), {"kept": KEPT})
    async with engine.connect() as connection:
        rows = await connection.execute(text(_HEARD), {"span": FOUR_WEEKS})
        return [Heard(*row) for row in rows]


async def heard_last(connection: AsyncConnection, voices: Sequence[Heard]) -> Sequence[Heard]:
    """The same ones, each with the quarter in which it has spoken last by now."""
    asked = {"kinds": [one.kind for one in voices], "names": [one.name for one in voices]}
    rows = await connection.execute(text(_LAST), asked) if voices else ()
    lasts = {(row.kind, row.name): row.last for row in rows}
    return [one._replace(last=lasts.get((one.kind, one.name)) or one.last) for one in voices]


_NAMES = "select kind, name, max(quarter) as last from scoring.heard group by kind, name"
_NOTE = """
insert into scoring.heard (kind, name, quarter)
select * from unnest(cast(:kinds as text[]), cast(:names as text[]), cast(:quarters as int[]))
on conflict do nothing
"""
_FORGET = """
delete from scoring.heard h
using (select kind, name, max(quarter) as last from scoring.heard group by kind, name) newest
where (h.kind, h.name) = (newest.kind, newest.name) and h.quarter < newest.last - :kept
"""
_LAST = """
select kind, name, (select max(quarter) from scoring.heard h where (h.kind, h.name) = (u.kind, u.name)) as last
from unnest(cast(:kinds as text[]), cast(:names as text[])) as u(kind, name)
"""
_HEARD = """
select kind, name, min(quarter), max(quarter), coalesce(max(quarter - former) filter (where quarter >= last - :span), 0)
from (
    select kind, name, quarter, lag(quarter) over (partition by kind, name order by quarter) as former,
           max(quarter) over (partition by kind, name) as last
    from scoring.heard
) one
group by kind, name order by kind, name
"""
