"""Days and what came late to them are the sum of their quarter-hours, whenever it comes: read as the evaluator does."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters import days as days_module
from services.scoring.adapters import statements
from services.scoring.adapters.days import MOST, PAUSE, REACH, Days
from services.scoring.adapters.literals import numbers
from services.scoring.adapters.statuses import status_round
from services.scoring.domain.declared import Declared, declared
from services.scoring.domain.moved import Asked
from shared.metrics.segments import QUARTERS
from shared.metrics.span import Span, beginning_of, window
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme.journey import Journey, Measure, MomentOfTruth, Stage, Touchpoint
from shared.programme.model import Programme
from tests import databases, road

TODAY = 20_700
DAY = 86_400
Cell = tuple[int, int, int, int]
"""(series, quarter, value, n)"""


class Line(NamedTuple):
    """A series of journey `j`, as its number, counted from 1, stands in the table."""

    touchpoint: str
    scale: str
    persona: str
    channel: str


LINES = [
    Line(touchpoint, scale, persona, channel)
    for touchpoint in ("pay", "wait")
    for scale in ("csat_1_5", "csat_1_7")
    for persona, channel in (("planner", "web"), ("planner", "shop"), ("none", "web"))
]


def measures() -> list[Declared]:
    """Two of one step, and one of another; windows of days, of one day, and of less."""
    steps = {"pay": (28 * DAY, 7 * DAY), "wait": (DAY, 3600), "none": (28 * DAY,)}
    touchpoints = tuple(
        Touchpoint(
            touchpoint=name,
            name=name,
            moment_of_truth=MomentOfTruth(
                owner="o",
                measures=tuple(Measure(metric="csat", window=one, red_below=60, yellow_below=75) for one in windows),
            ),
        )
        for name, windows in steps.items()
    )
    journey = Journey(journey="j", name="J", stages=(Stage(stage="s", name="S", touchpoints=touchpoints),))
    return list(declared(Programme(name="Days", timezone="UTC", journeys=(journey,))))


@pytest.fixture
def fresh(postgres_url: str) -> Iterator[str]:
    url = databases.create(postgres_url)
    yield url
    databases.drop(postgres_url, url)


@pytest.fixture
async def engine(fresh: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(DatabaseSettings(url=SecretStr(fresh)), application="tests")
    await migrate(engine, "voc", "shared.postgres.migrations")
    await migrate(engine, "scoring", "services.scoring.migrations")
    insert = "insert into scoring.series (journey, major, touchpoint, perspective, metric, scale, persona, channel)"
    for line in LINES:
        await road.execute(fresh, f"{insert} values ('j', 1, $1, 'customer', 'csat', $2, $3, $4)", *line)
    yield engine
    await engine.dispose()


@pytest.fixture
async def worker(fresh: str) -> AsyncIterator[asyncpg.Connection]:
    """A session that folds."""
    connection = await asyncpg.connect(fresh)
    yield connection
    await connection.close()


async def add(worker: asyncpg.Connection, cells: Iterable[Cell]) -> None:
    """As folding does it."""
    await worker.execute(statements.ADD_COUNTS, *map(numbers, zip(*sorted(cells), strict=True)))


class Summer:
    """Sums on at a clock of the test's own, and reads by the evaluator's own statements."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self._engine, self._url, self._days = engine, url, Days(engine)

    async def sum_on(self, at: datetime, *, times: int = 1) -> None:
        for _ in range(times):
            await self._days.sum_on(at)

    async def sum_all(self, at: datetime) -> None:
        await self.sum_on(at, times=REACH // MOST + 2)

    async def number(self, query: str) -> int:
        (row,) = await road.fetch(self._url, query)
        return int(row[0])

    async def late(self) -> int:
        return await self.number("select count(*) from scoring.late")

    async def summed(self) -> int:
        return await self.number("select summed from scoring.summing")

    async def windows(self, at: datetime) -> Any:
        """What the evaluator reads of all measures."""
        async with status_round(self._engine) as turn:
            assert turn is not None
            counted = await turn.counts(measures(), at)
            cuts = await turn.cuts([Asked(0, one, "csat_1_5", at) for one in measures()])
        return (
            [tuple({scale: +Counter(found) for scale, found in half.items()} for half in one) for one in counted],
            [{(cut.persona, cut.channel): (+Counter(cut.now), +Counter(cut.before)) for cut in one} for one in cuts],
        )


@pytest.fixture
def summer(engine: AsyncEngine, fresh: str) -> Summer:
    return Summer(engine, fresh)


def expected(cells: Counter[tuple[int, int, int]], at: datetime) -> Any:
    """The same, cell by cell."""

    def of(one: Declared, span: Span, by: Any) -> dict[Any, Counter[int]]:
        found: dict[Any, Counter[int]] = {}
        for (series, quarter, value), n in cells.items():
            line = LINES[series - 1]
            if line.touchpoint == one.touchpoint.touchpoint and span.first <= quarter < span.until:
                found.setdefault(by(line), Counter())[value] += n
        return {key: +counts for key, counts in found.items()}

    def halves(one: Declared) -> tuple[dict[Any, Counter[int]], ...]:
        spans = [window(at, one.measure.window), window(at, int(one.short.total_seconds()) if one.short else 0)]
        return tuple(of(one, span, lambda line: line.scale) for span in spans)

    def cuts(one: Declared) -> dict[Any, tuple[Counter[int], Counter[int]]]:
        now = window(at, one.measure.window)
        before = Span(2 * now.first - now.until, now.first)
        halves = [of(one, span, lambda line: line) for span in (now, before)]
        lines = {line for half in halves for line in half if line.scale == "csat_1_5"}
        return {
            (line.persona, line.channel): (halves[0].get(line, Counter()), halves[1].get(line, Counter()))
            for line in lines
        }

    return [halves(one) for one in measures()], [cuts(one) for one in measures()]


def drawn(chance: random.Random, first: int, until: int, times: int) -> Counter[tuple[int, int, int]]:
    """Answers by chance, counted by series, quarter-hour and value."""
    return Counter(
        (chance.randrange(1, len(LINES) + 1), chance.randrange(first, until), chance.randrange(1, 6))
        for _ in range(times)
    )


def at(day: int) -> datetime:
    return beginning_of(day * QUARTERS) + timedelta(hours=5, minutes=3)


async def test_whatever_comes_late_windows_are_the_sums_of_their_quarters(
    summer: Summer, worker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days_module, "MOST_LATE", 50)
    monkeypatch.setattr(days_module, "MOST_TIMES", 2)  # so that some is always left for the next time
    chance, all_cells = random.Random(4), Counter[tuple[int, int, int]]()
    left = []
    for day in range(TODAY, TODAY + 24):
        cells = drawn(chance, (TODAY - 70) * QUARTERS, day * QUARTERS + 40, 300)
        all_cells += cells
        await add(worker, [(*cell, n) for cell, n in cells.items()])
        assert await summer.windows(at(day)) == expected(all_cells, at(day))
        await summer.sum_on(at(day))
        left.append(await summer.late())
        assert await summer.windows(at(day)) == expected(all_cells, at(day))
    assert await summer.summed() == TODAY + 23
    assert all(left[-5:]), "nothing waited to be added"
    await summer.sum_on(at(TODAY + 23), times=left[-1] // 100 + 1)
    assert await summer.late() == 0
    assert await summer.windows(at(TODAY + 23)) == expected(all_cells, at(TODAY + 23))


async def test_what_is_older_than_days_are_summed_is_not_said(summer: Summer, worker: asyncpg.Connection) -> None:
    await add(worker, [(1, (TODAY - 1) * QUARTERS, 5, 1)])
    assert await summer.late() == 0, "no day is summed yet"
    await summer.sum_on(at(TODAY))
    await add(worker, [(1, (TODAY - REACH) * QUARTERS - 1, 5, 1), (1, TODAY * QUARTERS, 5, 1)])
    assert await summer.late() == 0
    await add(worker, [(1, (TODAY - REACH) * QUARTERS, 5, 1), (1, TODAY * QUARTERS - 1, 5, 1)])
    assert await summer.late() == 2


async def test_days_that_are_too_old_are_forgotten(summer: Summer, worker: asyncpg.Connection) -> None:
    cells = drawn(random.Random(6), (TODAY - REACH) * QUARTERS, TODAY * QUARTERS, 400)
    await add(worker, [(*cell, n) for cell, n in cells.items()])
    await summer.sum_all(at(TODAY))
    later = TODAY + 2 * MOST
    await summer.sum_all(at(later))
    assert await summer.number("select min(day) from scoring.days") >= later - REACH
    await add(worker, [(1, (later - REACH) * QUARTERS - 1, 5, 1)])
    assert await summer.late() == 0
    assert await summer.windows(at(TODAY - 40)) == expected(cells, at(TODAY - 40))
    long_after = TODAY + 3 * REACH  # nobody was there to sum
    await summer.sum_on(at(long_after))
    assert await summer.summed() == long_after - REACH + MOST


async def test_a_transaction_that_adds_while_a_day_is_closed_is_waited_for_but_not_again_and_again(
    summer: Summer, worker: asyncpg.Connection
) -> None:
    old = at(TODAY - 30)
    for quarter in range(8):  # as often as it takes until the driver's statement has a plan for good
        await add(worker, [(1, (TODAY - 20) * QUARTERS + quarter, 5, 1)])
    async with worker.transaction():
        await add(worker, [(1, (TODAY - 1) * QUARTERS + 5, 5, 1)])
        await summer.sum_on(at(TODAY))
        assert await summer.number("select marked from scoring.summing") == 0
    await summer.sum_on(at(TODAY) + PAUSE - timedelta(seconds=1))
    assert await summer.number("select marked from scoring.summing") == 0
    await summer.sum_all(at(TODAY) + PAUSE)
    assert await summer.summed() == TODAY
    cells = Counter({(1, (TODAY - 20) * QUARTERS + quarter, 5): 1 for quarter in range(8)})
    cells[1, (TODAY - 1) * QUARTERS + 5, 5] = 1
    for moment in (old, at(TODAY)):
        assert await summer.windows(moment) == expected(cells, moment)


async def test_whoever_only_reads_keeps_nobody_waiting(summer: Summer, worker: asyncpg.Connection, fresh: str) -> None:
    dump = await asyncpg.connect(fresh)
    try:
        async with dump.transaction():  # locks as pg_dump's
            await dump.execute(
                "lock table scoring.late, scoring.summing, scoring.days, scoring.counts in access share mode"
            )
            await summer.sum_all(at(TODAY))
            assert await summer.summed() == TODAY
            await add(worker, [(1, (TODAY - 1) * QUARTERS, 5, 1)])
            await summer.sum_on(at(TODAY + 1))
            assert (await summer.summed(), await summer.late()) == (TODAY + 1, 0)
    finally:
        await dump.close()


async def test_what_is_committed_after_a_day_was_summed_is_added_to_it(
    summer: Summer, worker: asyncpg.Connection
) -> None:
    quarter, moment = (TODAY - 1) * QUARTERS + 5, at(TODAY)
    await summer.sum_on(moment)
    async with worker.transaction():
        await add(worker, [(1, quarter, 5, 1), (2, quarter, 3, 4)])
        await summer.sum_all(moment)
        assert await summer.windows(moment) == expected(Counter(), moment)
    cells = Counter({(1, quarter, 5): 1, (2, quarter, 3): 4})
    assert await summer.windows(moment) == expected(cells, moment)
    await add(worker, [(2, quarter, 3, -4), (2, quarter + 1, 2, 4)])  # an answer that was corrected
    corrected = Counter({(1, quarter, 5): 1, (2, quarter + 1, 2): 4})
    for _ in range(2):
        assert await summer.windows(moment) == expected(corrected, moment)
        await summer.sum_on(moment)
    assert await summer.late() == 0


async def test_what_nobody_reads_is_looked_for_only_where_the_mark_was_moved(summer: Summer, fresh: str) -> None:
    await road.execute(fresh, "insert into scoring.days (series, day, value, n) values (1, -1, 5, 1)")
    leader = await asyncpg.connect(fresh)
    try:
        await leader.execute("select pg_advisory_lock(hashtext('scoring.evaluator'))")
        await summer.sum_on(at(TODAY))
        assert await summer.number("select count(*) from scoring.days") == 1
    finally:
        await leader.close()
    await summer.sum_on(at(TODAY))
    assert await summer.number("select count(*) from scoring.days") == 0


async def test_of_several_who_sum_one_does(engine: AsyncEngine, fresh: str, worker: asyncpg.Connection) -> None:
    cells = drawn(random.Random(5), (TODAY - 60) * QUARTERS, TODAY * QUARTERS, 400)
    await add(worker, [(*cell, n) for cell, n in cells.items()])
    summers = [Summer(engine, fresh) for _ in range(3)]
    await asyncio.gather(*(one.sum_all(at(TODAY)) for one in summers))
    await summers[0].sum_all(at(TODAY))
    assert await summers[0].windows(at(TODAY)) == expected(cells, at(TODAY))
