"""Versions in a real PostgreSQL: added once, never changed, told to whoever listens."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from msgspec.structs import replace
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme import store
from shared.programme.history import History
from shared.programme.load import load
from shared.programme.model import Programme

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="test")
    await asyncio.gather(*(migrate(engine, "voc", "shared.postgres.migrations") for _ in range(3)))
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that leaves nothing behind."""
    async with engine.connect() as connection:
        yield connection
        await connection.rollback()


@pytest.fixture(scope="module")
def retail() -> Programme:
    return load(Path(__file__).parents[4] / "examples" / "retail")


async def test_the_first_version_holds_since_ever(connection: AsyncConnection, retail: Programme) -> None:
    assert await store.newest(connection) is None
    applied = await store.apply(connection, retail, now=NOW, from_at=NOW)
    assert applied.changed
    assert applied.version.valid_from is None
    [version] = await store.versions(connection)
    assert version == applied.version
    assert version.programme == retail, "what is stored is what was read, to the last field"
    assert await store.newest(connection) == version.id


async def test_the_same_again_changes_nothing(connection: AsyncConnection, retail: Programme) -> None:
    first = await store.apply(connection, retail, now=NOW)
    again = await store.apply(connection, retail, now=NOW + HOUR, from_at=NOW + 2 * HOUR)
    assert (again.changed, again.version) == (False, first.version)
    assert len(await store.versions(connection)) == 1


async def test_later_versions_hold_from_their_instant(connection: AsyncConnection, retail: Programme) -> None:
    await store.apply(connection, retail, now=NOW)
    await store.apply(connection, replace(retail, name="second"), now=NOW)
    await store.apply(connection, replace(retail, name="third"), now=NOW, from_at=NOW + HOUR)
    history = History(await store.versions(connection))
    names = [history.at(NOW + hours * HOUR).programme.name for hours in (-1, 0, 1, 2)]
    assert names == [retail.name, "second", "third", "third"]


@pytest.mark.parametrize("from_at", [NOW, NOW - HOUR, None])
async def test_a_version_that_is_not_later_is_refused(
    connection: AsyncConnection, retail: Programme, from_at: datetime | None
) -> None:
    await store.apply(connection, retail, now=NOW)
    await store.apply(connection, replace(retail, name="second"), now=NOW, from_at=NOW + HOUR)
    with pytest.raises(store.NotLater, match="must begin after the one before it"):
        await store.apply(connection, replace(retail, name="third"), now=NOW, from_at=from_at)
    assert len(await store.versions(connection)) == 2


async def test_majors_are_reckoned_from_what_is_stored(connection: AsyncConnection, retail: Programme) -> None:
    await store.apply(connection, retail, now=NOW)
    journey, *others = retail.journeys
    first_stage = replace(journey.stages[0], touchpoints=journey.stages[0].touchpoints[1:])
    shorter = replace(retail, journeys=(replace(journey, stages=(first_stage, *journey.stages[1:])), *others))
    second = await store.apply(connection, shorter, now=NOW + HOUR)
    assert [journey.major for journey in second.version.programme.journeys] == [2, 1]
    unchanged = await store.apply(connection, shorter, now=NOW + 2 * HOUR)
    assert not unchanged.changed, "the raised major alone is no change"


@pytest.mark.parametrize(
    "statement", ["update voc.programme_versions set digest = ''", "delete from voc.programme_versions"]
)
async def test_a_version_never_changes(connection: AsyncConnection, retail: Programme, statement: str) -> None:
    await store.apply(connection, retail, now=NOW)
    with pytest.raises(DBAPIError, match="never changes"):
        await connection.execute(text(statement))


async def test_there_is_one_beginning_of_time(connection: AsyncConnection, retail: Programme) -> None:
    await store.apply(connection, retail, now=NOW)
    with pytest.raises(DBAPIError, match="valid_from"):
        await connection.execute(
            text("insert into voc.programme_versions (applied_at, document, digest) values (now(), '{}', '')")
        )


async def test_two_at_once_and_a_listener(engine: AsyncEngine, database_url: str, retail: Programme) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = await asyncpg.connect(database_url)
    await listener.add_listener(store.CHANNEL, lambda *told: heard.put_nowait(told[-1]))

    async def apply_committed(name: str) -> store.Applied:
        async with engine.begin() as connection:
            return await store.apply(connection, replace(retail, name=name), now=datetime.now(UTC))

    try:
        one, same = await asyncio.gather(apply_committed("a"), apply_committed("a"))
        other = await apply_committed("b")
        told = [await asyncio.wait_for(heard.get(), 5) for _ in range(2)]
    finally:
        await listener.close()
    async with engine.connect() as connection:
        stored = await store.versions(connection)
    assert sorted([one.changed, same.changed]) == [False, True], "the second waited for the first, and saw it"
    assert one.version.id == same.version.id
    assert [version.id for version in stored] == [one.version.id, other.version.id]
    assert told == [str(version.id) for version in stored]
