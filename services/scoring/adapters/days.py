"""UTC days, summed from quarter-hours for whoever reads long windows: a copy that is derived, and therefore exact.

Two marks make it so. Below `marked` a worker that adds to a quarter-hour says so in `scoring.late`, in its own
transaction; below `summed` days are there. The first is moved on under a lock that waits for every transaction that may
have read it before, so nothing is added to a day behind the back of its sum. What is read is days and what came late
to them, by one snapshot: whenever the second is added to the first, their sum stays as it is.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring.adapters import statuses_sql
from shared.metrics.segments import QUARTERS
from shared.metrics.span import Span, quarter_of

log = structlog.get_logger(__name__)

REACH = 120
"""So many days back are kept: more than two windows of eight weeks. What is older is read by quarters."""
MOST = 7
"""Days summed in one transaction: a second, after a long absence."""
MOST_LATE = 50_000
"""Rows of what came late that are added in one transaction: half a second."""
MOST_TIMES = 10
"""So many such transactions at once: more than comes in the seconds for which a round waits."""
PAUSE = timedelta(minutes=1)
"""Between two attempts to close a day: workers wait behind each."""


async def summed(connection: AsyncConnection) -> Span:
    """The days that are there, what came late to them aside."""
    found = (await connection.execute(text(_MARKS))).one()
    return Span(found.first, found.summed)


class Days:
    """Sums them, in the one process that leads; all processes may try."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._failed_at: datetime | None = None

    async def sum_on(self, at: datetime) -> None:
        """Sum what is over by `at` and add what came late, a bounded part of either."""
        today = quarter_of(at) // QUARTERS
        async with self._engine.connect() as connection:
            marks = (await connection.execute(text(_MARKS))).one()
        due = marks.marked < today and not (self._failed_at and self._failed_at <= at < self._failed_at + PAUSE)
        if due and await self._close(today, at):
            await self._forget()
        if marks.summed < max(marks.marked, today):
            await self._sum()
        if marks.late:
            await self._add_late()

    async def _close(self, today: int, at: datetime) -> bool:
        """Mark that the days before `today` are over; no, where another leads or a worker is not done."""
        try:
            async with self._engine.begin() as connection:
                leads: bool = await connection.scalar(text(statuses_sql.LEAD))
                if leads:
                    await connection.execute(text("set local lock_timeout = '2s'"))
                    await connection.execute(text(_WAIT_FOR_WORKERS))
                    await connection.execute(text(_MARK), {"today": today, "first": today - REACH})
            return leads
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            self._failed_at = at
            log.warning("day-not-closed", again_after=f"{PAUSE.total_seconds():.0f} s", reason="a transaction is open")
            return False

    async def _forget(self) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(text(_FORGET))

    async def _sum(self) -> None:
        async with self._engine.begin() as connection:
            if await connection.scalar(text(statuses_sql.LEAD)):
                await connection.execute(text(_SUM), {"most": MOST, "quarters": QUARTERS})
                await connection.execute(text(_SUMMED), {"most": MOST})

    async def _add_late(self) -> None:
        for _ in range(MOST_TIMES):
            async with self._engine.begin() as connection:
                leads = await connection.scalar(text(statuses_sql.LEAD))
                if not leads or await connection.scalar(text(_ADD_LATE), {"most": MOST_LATE}) < MOST_LATE:
                    return


_LOCK_NOT_AVAILABLE = "55P03"
_MARKS = "select marked, first, summed, exists (select from scoring.late) as late from scoring.summing"

# Conflicts with what ADD_COUNTS takes, whether it has something late to say or not, and with no reader: a dump that
# takes an hour keeps nobody waiting. A statement takes its locks before its snapshot: who waited reads the new mark.
_WAIT_FOR_WORKERS = "lock table scoring.late in share row exclusive mode"
_MARK = """
update scoring.summing
set marked = greatest(marked, :today), first = greatest(first, :first), summed = greatest(summed, :first)
"""
_FORGET = "delete from scoring.days using scoring.summing m where day < m.first"  # nobody reads them
# What came late to a day before its sum is among its quarter-hours, by the same snapshot: nothing is lost or double.
_SUM = """
with part as (
    select summed as first, least(summed + :most, marked) as until from scoring.summing
), dropped as (
    delete from scoring.late l using part where l.day >= part.first and l.day < part.until
)
insert into scoring.days (series, day, value, n)
select s.series, c.day, c.value, c.n
from part cross join scoring.series s
cross join lateral (
    select floor(quarter / cast(:quarters as float8))::int as day, value, sum(n) as n
    from scoring.counts
    where series = s.series and quarter >= part.first * :quarters and quarter < part.until * :quarters
    group by 1, 2
) c
"""
_SUMMED = "update scoring.summing set summed = least(summed + :most, marked)"

_ADD_LATE = """
with taken as (
    delete from scoring.late where ctid = any(array(
        select l.ctid from scoring.late l, scoring.summing m where l.day < m.summed limit :most
    )) returning series, day, value, n
), added as (
    insert into scoring.days as d (series, day, value, n)
    select series, day, value, sum(n) from taken group by series, day, value
    on conflict (series, day, value) do update set n = d.n + excluded.n
)
select count(*) from taken
"""
