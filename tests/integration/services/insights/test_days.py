"""Long windows are read by days, and come out as by quarter-hours: summed, late, and with what only days know."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from services.scoring.adapters import statements
from services.scoring.adapters.days import MOST, REACH, Days
from services.scoring.adapters.literals import numbers
from shared.metrics.segments import QUARTERS
from shared.metrics.span import quarter_of, window
from shared.postgres.engine import DatabaseSettings, connect
from tests import road
from tests.integration.services.insights.counted import ANSWERS, count, make_tables
from tests.integration.services.insights.reader import Reader
from tests.keys import make_key
from tests.processes import Service, running
from tests.shop import DAY, HOUR, SHOP

EASE = ANSWERS._replace(metric="ease", scale_id="ces2_1_7")
WINDOWS = {ANSWERS: 7 * DAY, EASE: 28 * DAY}
EASY = {ANSWERS: (4, 5), EASE: (5, 6, 7)}


@pytest.fixture(scope="module")
async def reader(database_url: str, workshop: Path) -> AsyncIterator[Reader]:
    await road.apply_programme(database_url, SHOP)
    await make_tables(database_url)
    service = Service("insights", workshop, VOC_DATABASE_URL=database_url)
    reader = Reader(service, await make_key(database_url, "read"))
    with running(service):
        yield reader


def shown(reader: Reader) -> list[tuple[float, int]]:
    """csat of a week and ease of four: value and n."""
    arrives: dict[str, Any] = reader.read("/v1/journeys/order-to-door")["stages"][1]["touchpoints"][0]
    return [(one["value"], one["n"]) for one in (arrives["measures"][0], arrives["experience"]["ease"])]


async def test_days_are_read_and_what_came_late_to_them_is_not_lost(reader: Reader, database_url: str) -> None:
    chance, now = random.Random(3), datetime.now(UTC)
    today = quarter_of(now) // QUARTERS
    given: dict[Any, Counter[tuple[int, int]]] = {series: Counter() for series in WINDOWS}
    for series, cells in given.items():
        ages = [chance.randrange(32 * DAY) for _ in range(400)]  # none where the window's beginning moves meanwhile
        times = [now - timedelta(seconds=age) for age in ages if abs(age - WINDOWS[series]) > HOUR]
        rows = [(at, chance.randint(1, 5), 1) for at in times]
        await count(database_url, series, rows)
        cells.update((quarter_of(at), value) for at, value, _ in rows)

    def expected() -> list[tuple[float, int]]:
        found = []
        for series, cells in given.items():
            span = window(datetime.now(UTC), WINDOWS[series])
            counts = [(value, n) for (quarter, value), n in cells.items() if span.first <= quarter < span.until]
            total = sum(n for _, n in counts)
            found.append((100 * sum(n for value, n in counts if value in EASY[series]) / total, total))
        return found

    assert shown(reader) == expected()
    await _sum_all(database_url, now)
    assert shown(reader) == expected()
    late = [((today - 3) * QUARTERS + 5, 1), ((today - 6) * QUARTERS + 9, 5), (today * QUARTERS, 2)]
    for number, cells in enumerate(given.values(), 1):
        await _come_late(database_url, number, late)
        cells.update(late)
    assert shown(reader) == expected()
    await road.execute(
        database_url,
        "delete from scoring.counts where quarter >= $1 and quarter < $2",
        (today - 6) * QUARTERS,
        today * QUARTERS,
    )
    assert shown(reader) == expected()  # days know it


async def _sum_all(database_url: str, at: datetime) -> None:
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    days = Days(engine)
    for _ in range(REACH // MOST + 2):
        await days.sum_on(at)
    await engine.dispose()


async def _come_late(database_url: str, number: int, cells: list[tuple[int, int]]) -> None:
    """As folding adds to a series."""
    worker = await asyncpg.connect(database_url)
    columns = zip(*sorted((number, quarter, value, 1) for quarter, value in cells), strict=True)
    await worker.execute(statements.ADD_COUNTS, *map(numbers, columns))
    await worker.close()
