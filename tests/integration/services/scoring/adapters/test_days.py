"""Days are the sum of their quarter-hours, whenever what is added to them comes."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters import statements
from services.scoring.adapters.days import MOST, sum_on, summed
from services.scoring.adapters.literals import numbers
from services.scoring.domain.segments import QUARTERS, segments
from shared.metrics.span import Span, beginning_of
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from tests import databases, road

TODAY = 20_700
Cell = tuple[int, int, int, int]
"""(series, quarter, value, n)"""


@pytest.fixture
def fresh(postgres_url: str) -> Any:
    url = databases.create(postgres_url)
    yield url
    databases.drop(postgres_url, url)


@pytest.fixture
async def engine(fresh: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(DatabaseSettings(url=SecretStr(fresh)), application="tests")
    await migrate(engine, "voc", "shared.postgres.migrations")
    await migrate(engine, "scoring", "services.scoring.migrations")
    insert = "insert into scoring.series (journey, major, touchpoint, perspective, metric, scale, persona, channel)"
    await road.execute(
        fresh, f"{insert} select 'j', 1, 't', 'customer', 'csat', 's', 'p', n::text from generate_series(1, 5) n"
    )
    yield engine
    await engine.dispose()


async def add(connection: Any, cells: list[Cell]) -> None:
    """As folding does it."""
    await connection.execute(statements.ADD_COUNTS, *map(numbers, zip(*sorted(cells), strict=True)))


async def read(engine: AsyncEngine, url: str, span: Span) -> tuple[Counter[tuple[int, int]], int]:
    """Counts of a span by (series, value), read in segments; and how many of these were days."""
    async with engine.begin() as connection:
        parts = segments(span, await summed(connection))
    found: Counter[tuple[int, int]] = Counter()
    for part in parts:
        table, column = ("days", "day") if part.by_day else ("counts", "quarter")
        query = f"select series, value, n from scoring.{table} where {column} >= $1 and {column} < $2"
        for row in await road.fetch(url, query, part.first, part.until):
            found[row["series"], row["value"]] += row["n"]
    return +found, sum(part.until - part.first for part in parts if part.by_day)


def at(day: int) -> Any:
    return beginning_of(day * QUARTERS) + timedelta(hours=5)


async def test_whatever_comes_late_a_window_is_the_sum_of_its_quarters(engine: AsyncEngine, fresh: str) -> None:
    chance, expected = random.Random(4), Counter[tuple[int, int]]()
    span = Span((TODAY - 29) * QUARTERS + 17, (TODAY + 12) * QUARTERS + 3)
    connection = await asyncpg.connect(fresh)
    try:
        for day in range(12):
            for _ in range(3):
                drawn = [
                    (
                        chance.randrange(1, 6),
                        chance.randrange(span.first - 90, (TODAY + day) * QUARTERS + 40),
                        chance.randrange(1, 6),
                    )
                    for _ in range(60)
                ]
                cells = [(*cell, times) for cell, times in Counter(drawn).items()]
                await add(connection, cells)
                for series, quarter, value, n in cells:
                    expected[series, value] += n * (span.first <= quarter < span.until)
                await sum_on(engine, at(TODAY + day))
                assert (await read(engine, fresh, span))[0] == +expected
        assert (await read(engine, fresh, span))[1] >= 28, "days were not used"
    finally:
        await connection.close()


async def test_a_transaction_that_adds_while_days_are_closed_is_waited_for(engine: AsyncEngine, fresh: str) -> None:
    quarter, span = (TODAY - 1) * QUARTERS + 5, Span((TODAY - 10) * QUARTERS, TODAY * QUARTERS)
    connection = await asyncpg.connect(fresh)
    try:
        async with connection.transaction():
            await add(connection, [(1, quarter, 5, 1)])
            with pytest.raises(DBAPIError, match="lock timeout"):
                await sum_on(engine, at(TODAY))
        for _ in range(120 // MOST + 2):
            await sum_on(engine, at(TODAY))
        assert await read(engine, fresh, span) == (Counter({(1, 5): 1}), 10)
    finally:
        await connection.close()


async def test_what_is_committed_after_a_day_was_summed_is_added_to_it(engine: AsyncEngine, fresh: str) -> None:
    quarter, span = (TODAY - 1) * QUARTERS + 5, Span((TODAY - 10) * QUARTERS, TODAY * QUARTERS)
    connection = await asyncpg.connect(fresh)
    await sum_on(engine, at(TODAY))
    try:
        async with connection.transaction():
            await add(connection, [(1, quarter, 5, 1), (2, quarter, 3, 4)])
            for _ in range(120 // MOST + 2):
                await sum_on(engine, at(TODAY))
            assert await read(engine, fresh, span) == (Counter(), 10)
        assert await read(engine, fresh, span) == (Counter({(1, 5): 1, (2, 3): 4}), 10)
        await add(connection, [(2, quarter, 3, -4), (2, quarter + 1, 2, 4)])  # an answer that was corrected
        assert await read(engine, fresh, span) == (Counter({(1, 5): 1, (2, 2): 4}), 10)
    finally:
        await connection.close()
