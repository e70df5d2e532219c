"""The quarantine's index: each message of the topic counts once, whoever else keeps, dies or reads again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.ingest.adapters import index, traffic
from services.ingest.adapters.index import Overtaken
from services.ingest.adapters.traffic import Taken
from services.ingest.domain.failing import Count
from services.ingest.domain.kept import Kept
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate

NOW = datetime(2026, 11, 25, 13, 40, 30, tzinfo=UTC)
MADE, MADE_AGAIN = {b"a" * 16}, {b"b" * 16}


@pytest.fixture(scope="module")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests", pool_size=2)
    await migrate(engine, "ingest", "services.ingest.migrations")
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that is taken back."""
    async with engine.connect() as connection:
        await index.begin(connection, 0, MADE, 7)
        yield connection
        await connection.rollback()


def kept(value: bytes = b"{}", **fields: Any) -> Kept:
    usual: dict[str, Any] = {
        "door": "webhook",
        "source": "crm",
        "origin": "POST /v1/webhooks/crm",
        "reason": "why",
        "kind": "unmapped",
        "problems": [],
        "content_type": None,
        "authentic": True,
        "first_seen": NOW,
        "headers": [],
    }
    return Kept(value=value, **{**usual, **fields})


async def keep(connection: AsyncConnection, *messages: Kept, read_from: int = 7, read_to: int = 9) -> None:
    await index.keep(connection, messages, partition=0, read_from=read_from, read_to=read_to, now=NOW)


async def rows(connection: AsyncConnection) -> list[Any]:
    found = await connection.execute(text("select * from ingest.quarantine order by id"))
    return list(found)


async def test_what_is_kept_and_how_far_it_was_read_go_together(connection: AsyncConnection) -> None:
    await keep(connection, kept(b"1"), kept(b"2"), kept(b"1"))
    assert [(row.value, row.times) for row in await rows(connection)] == [(b"1", 2), (b"2", 1)]
    assert await index.offsets(connection, MADE) == {0: 9}
    with pytest.raises(Overtaken):
        await keep(connection, kept(b"3"))
    assert len(await rows(connection)) == 2


async def test_a_topic_that_was_made_again_is_read_from_its_beginning(connection: AsyncConnection) -> None:
    assert await index.offsets(connection, MADE) == {0: 7}
    assert await index.offsets(connection, MADE_AGAIN) == {}
    assert await index.offsets(connection, set()) == {0: 7}, "a broker that tells no ids"


@pytest.mark.parametrize(
    ("state", "later", "after"),
    [
        ("waiting", 1, "waiting"),
        ("replayed", 1, "waiting"),
        ("replayed", -1, "replayed"),
        ("dismissed", 1, "dismissed"),
    ],
)
async def test_what_comes_again_waits_again_unless_it_was_dismissed_or_came_before(
    connection: AsyncConnection, state: str, later: int, after: str
) -> None:
    await keep(connection, kept())
    settled = {"state": state, "at": None if state == "waiting" else NOW}
    await connection.execute(text("update ingest.quarantine set state = :state, settled_at = :at"), settled)
    await keep(connection, kept(first_seen=NOW + timedelta(seconds=later), reason="now"), read_from=9, read_to=10)
    (row,) = await rows(connection)
    assert (row.state, row.times, row.reason) == (after, 2, "now")
    assert row.last_seen - row.first_seen == timedelta(seconds=1)


async def test_what_nobody_has_seen_for_so_long_is_deleted(connection: AsyncConnection) -> None:
    await keep(connection, kept(b"old", first_seen=NOW - timedelta(days=91)), kept(b"new"))
    assert await index.sweep(connection, NOW - timedelta(days=90)) == 1
    assert [row.value for row in await rows(connection)] == [b"new"]


async def test_what_was_taken_and_refused_is_counted_by_the_minute(engine: AsyncEngine) -> None:
    clock = iter([NOW - timedelta(minutes=20), NOW, NOW])
    taken = Taken(engine, lambda: next(clock))
    for _ in range(3):
        taken.note("webhook", "counted")
    await taken.write()
    await taken.write()
    async with engine.connect() as connection:
        await index.begin(connection, 0, MADE, 7)
        refused = [kept(source="counted", first_seen=NOW - timedelta(minutes=ago)) for ago in (1, 30, 120)]
        await keep(connection, *refused)
        (seen,) = [one for one in await traffic.seen(connection, NOW) if one.source == "counted"]
        assert (seen.lately, seen.hour) == (Count(2, 1), Count(3, 2))
        assert (seen.since, seen.reason) == (datetime(2026, 11, 25, 13, 39, tzinfo=UTC), "why")
        await connection.rollback()


async def test_what_cannot_be_written_is_counted_the_next_time(engine: AsyncEngine) -> None:
    nowhere = connect(DatabaseSettings(url=SecretStr("postgresql://voc@127.0.0.1:1/voc")), application="tests")
    taken = Taken(nowhere, lambda: NOW)
    taken.note("bridge", "late", 5)
    with pytest.raises(OSError):
        await taken.write()
    taken._engine = engine
    await taken.write()
    async with engine.connect() as connection:
        found = await connection.scalar(text("select taken from ingest.traffic where source = 'late'"))
    assert found == 5
