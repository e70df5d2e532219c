"""Who was heard in which quarter-hour: written once for each, so it costs the hot path a look into a dictionary."""

from collections.abc import Iterable, Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring.domain.silence import FOUR_WEEKS, Heard, Voice
from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

KEPT = FOUR_WEEKS + 7 * 96  # a week more says that it was there before
MOST_NAMES = 500
"""Whom a process listens to. Where each device is a source of its own, nobody is missed by the silence of one."""


class Ear:
    """Notes voices after their batch is durable: one that is lost with the process is heard again soon."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._last: dict[tuple[str, str], int] = {}  # the latest quarter that is noted

    async def note(self, voices: Iterable[Voice]) -> None:
        """Keep those that are new. The database's being away is no trouble here."""
        new = sorted(one for one in voices if self._last.get(one[:2]) != one[2] and self._known(one))
        if not new:
            return
        columns = dict(zip(("kinds", "names", "quarters"), map(list, zip(*new, strict=True)), strict=True))
        try:
            async with self._engine.begin() as connection:
                await connection.execute(text(_NOTE), columns)
        except AWAY as error:
            log.warning("voices-not-noted", error=first_line(error))
            return
        self._last.update({(kind, name): quarter for kind, name, quarter in new})

    def _known(self, voice: Voice) -> bool:
        return voice[:2] in self._last or len(self._last) < MOST_NAMES


async def heard(connection: AsyncConnection) -> Sequence[Heard]:
    """All voices; what is older than needed is forgotten."""
    await connection.execute(text(_FORGET), {"kept": KEPT})
    rows = await connection.execute(text(_HEARD), {"span": FOUR_WEEKS})
    return [Heard(*row) for row in rows]


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
_HEARD = """
select kind, name, min(quarter), max(quarter), coalesce(max(quarter - former) filter (where quarter >= last - :span), 0)
from (
    select kind, name, quarter, lag(quarter) over (partition by kind, name order by quarter) as former,
           max(quarter) over (partition by kind, name) as last
    from scoring.heard
) one
group by kind, name order by kind, name
"""
