"""UTC days, summed from quarter-hours for whoever reads long windows: a copy that is derived, and therefore exact.

Two marks make it so. Below `marked` a worker that adds to a quarter-hour says so in `scoring.late`, in its own
transaction; below `summed` days are there. The first is moved on under a lock that waits for every transaction that may
have read it before, so nothing is added to a day behind the back of its sum.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring.adapters import statuses_sql
from services.scoring.domain.segments import QUARTERS
from shared.metrics.span import Span, quarter_of

REACH = 120
"""So many days back are summed at first: more than two windows of eight weeks. What is older is read by quarters."""
MOST = 7
"""Days summed in one transaction: a second, after a long absence."""


async def summed(connection: AsyncConnection) -> Span:
    """The days that can be read, with what came late to them added."""
    late = (await connection.execute(text(_TAKE_LATE))).all()
    if late:
        pairs = {"series": [row.series for row in late], "days": [row.day for row in late]}
        await connection.execute(text(_DROP), pairs)
        await connection.execute(text(_SUM_LATE), pairs)
    found = (await connection.execute(text(_MARKS))).one()
    return Span(found.first, found.summed)


async def sum_on(engine: AsyncEngine, at: datetime) -> None:
    """Sum what is over by `at`, some days at most; another process that does so is not waited for."""
    today = quarter_of(at) // QUARTERS
    async with engine.connect() as connection:
        marks = (await connection.execute(text(_MARKS))).one()
    if marks.marked < today:
        async with engine.begin() as connection:
            await connection.execute(text("set local lock_timeout = '2s'"))  # workers wait behind us
            await connection.execute(text("lock table scoring.summing in access exclusive mode"))
            await connection.execute(text(_MARK), {"today": today, "first": today - REACH})
    if marks.summed < marks.marked or marks.marked < today:
        async with engine.begin() as connection:
            if await connection.scalar(text(statuses_sql.LEAD)):
                await connection.execute(text(_SUM), {"most": MOST, "quarters": QUARTERS})
                await connection.execute(text(_SUMMED), {"most": MOST})


_MARKS = "select marked, first, summed from scoring.summing"
_MARK = """
update scoring.summing
set marked = greatest(marked, :today), first = case when marked = 0 then :first else first end,
    summed = case when marked = 0 then :first else summed end
"""
_SUM = """
insert into scoring.days (series, day, value, n)
select s.series, c.day, c.value, c.n
from scoring.summing m cross join scoring.series s
cross join lateral (
    select floor(quarter / cast(:quarters as float8))::int as day, value, sum(n) as n
    from scoring.counts
    where series = s.series and quarter >= m.summed * :quarters
      and quarter < least(m.summed + :most, m.marked) * :quarters
    group by 1, 2
) c
"""
_SUMMED = "update scoring.summing set summed = least(summed + :most, marked)"

_TAKE_LATE = """
with taken as (delete from scoring.late returning series, day)
select distinct t.series, t.day from taken t, scoring.summing m where t.day >= m.first and t.day < m.summed
"""
_DROP = """
delete from scoring.days d
using unnest(cast(:series as int[]), cast(:days as int[])) as u(series, day)
where (d.series, d.day) = (u.series, u.day)
"""
_SUM_LATE = f"""
insert into scoring.days (series, day, value, n)
select u.series, u.day, c.value, c.n
from unnest(cast(:series as int[]), cast(:days as int[])) as u(series, day)
cross join lateral (
    select value, sum(n) as n from scoring.counts
    where series = u.series and quarter >= u.day * {QUARTERS} and quarter < (u.day + 1) * {QUARTERS}
    group by value
) c
"""
