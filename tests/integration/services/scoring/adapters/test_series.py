"""Numbers of series, remembered as long as they are true and within bounds."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.offsets import Offsets
from services.scoring.adapters.series import SeriesNumbers
from services.scoring.adapters.store import Advance, Displaced, Store
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.state import Series
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from tests.programmes import RETAIL
from tests.road import apply_programme, fetch

TOPIC = "voc.events"


def of_channel(name: str) -> Series:
    return ("order-to-door", 1, "placed", "customer", "csat", "1-5", "everyday", name)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    await apply_programme(database_url, RETAIL)
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    await migrate(engine, "scoring", "services.scoring.migrations")
    await Offsets(engine, TOPIC).begin(0, 0, "cluster")
    yield engine
    await engine.dispose()


async def test_what_is_remembered_has_an_end_and_every_number_is_right(engine: AsyncEngine, database_url: str) -> None:
    series = SeriesNumbers(engine, most=3)
    wanted = {of_channel(f"c{number}") for number in range(5)}
    for one in sorted(wanted):
        assert set(await series.of({one})) == {one}
        assert len(series._numbers) <= 3
    rows = await fetch(database_url, "select channel, series from scoring.series")
    stored = {of_channel(row["channel"]): row["series"] for row in rows}
    assert await series.of(wanted) == {one: stored[one] for one in wanted}


async def test_after_a_batch_was_dropped_the_database_is_asked_again(engine: AsyncEngine, database_url: str) -> None:
    store = Store(engine, TOPIC)
    await count(store, 0)
    async with engine.begin() as connection:  # as a restore from before would have it
        await connection.execute(text("delete from scoring.counts"))
        await connection.execute(text("update scoring.series set channel = 'other' where channel = 'web'"))
    with pytest.raises(Displaced):
        await count(store, 0)
    await count(store, 1)
    rows = await fetch(database_url, "select channel, n from scoring.read_counts")
    assert [tuple(row) for row in rows] == [("web", 1)]


async def count(store: Store, begin: int) -> None:
    """A batch of one record, which gives one answer."""
    advance = Advance(0, begin, begin + 1, begin, 0, bytes(16))
    async with store.advancing([advance], programme=1) as transaction:
        ledger = Ledger()
        ledger.counts[(of_channel("web"), 1, 5)] = 1
        await transaction.save(ledger, [])
