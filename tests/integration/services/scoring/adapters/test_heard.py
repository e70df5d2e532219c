"""Voices in PostgreSQL: noted once, summed up as pauses, forgotten when nobody needs them."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters import heard as heard_module
from services.scoring.adapters.heard import KEPT, Ear, heard, heard_last
from services.scoring.domain.silence import FOUR_WEEKS, Heard
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from tests import road


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    await migrate(engine, "voc", "shared.postgres.migrations")
    await migrate(engine, "scoring", "services.scoring.migrations")
    async with engine.begin() as connection:
        await connection.execute(text("delete from scoring.heard"))
    yield engine
    await engine.dispose()


async def all_heard(engine: AsyncEngine) -> list[Heard]:
    return list(await heard(engine))


async def test_pauses_are_from_one_quarter_to_the_next(engine: AsyncEngine) -> None:
    ear, other = Ear(engine), Ear(engine)
    await ear.note({("source", "crm", 10), ("source", "crm", 13), ("touchpoint", "shop/pay", 13)})
    await other.note({("source", "crm", 13), ("source", "crm", 30)})
    assert await all_heard(engine) == [
        Heard("source", "crm", 10, 30, 17),
        Heard("touchpoint", "shop/pay", 13, 13, 0),
    ]


async def test_who_has_spoken_since_is_asked_for_again(engine: AsyncEngine) -> None:
    ear = Ear(engine)
    await ear.note({("source", "crm", 10), ("source", "pos", 10), ("source", "other", 12)})
    voices = [one for one in await all_heard(engine) if one.name != "other"]
    await ear.note({("source", "crm", 30)})
    gone = Heard("source", "gone", 1, 2, 0)
    async with engine.connect() as connection:
        found = await heard_last(connection, [*voices, gone])
        assert await heard_last(connection, []) == []
    assert [(one.name, one.last) for one in found] == [("crm", 30), ("pos", 10), ("gone", 2)]


async def test_what_is_noted_is_not_written_again(engine: AsyncEngine, database_url: str) -> None:
    ear = Ear(engine)
    await ear.note({("source", "crm", 10)})
    await road.execute(database_url, "delete from scoring.heard")
    await ear.note({("source", "crm", 10)})
    assert await all_heard(engine) == []
    await ear.note({("source", "crm", 11)})
    assert await all_heard(engine) == [Heard("source", "crm", 11, 11, 0)]


async def test_pauses_are_of_four_weeks_and_what_is_older_than_five_is_forgotten(engine: AsyncEngine) -> None:
    last = 100_000
    ago = (KEPT + 1, KEPT, FOUR_WEEKS + 96, FOUR_WEEKS - 4, 20, 0)
    await Ear(engine).note({("source", "crm", last - quarters) for quarters in ago})
    assert await all_heard(engine) == [Heard("source", "crm", last - KEPT, last, FOUR_WEEKS - 24)]


async def test_a_crowd_of_sources_is_not_listened_to_without_end_but_every_touchpoint_is(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heard_module, "MOST_SOURCES", 2)
    ear = Ear(engine)
    await ear.note({("touchpoint", f"shop/{step}", 10) for step in range(4)})
    await ear.note({("source", f"device-{device}", 10) for device in range(4)})
    await ear.note({("source", "device-9", 10)})
    assert await names(engine) == ["device-0", "device-1", "shop/0", "shop/1", "shop/2", "shop/3"]


async def test_whoever_was_heard_is_listened_to_after_a_restart_and_by_others(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heard_module, "MOST_SOURCES", 2)
    first, other = Ear(engine), Ear(engine)
    await first.note({("source", "crm", 10)})
    await other.note({("source", "pos", 10)})
    await first.note({("source", "survey", 10)})  # before it is read that `pos` was heard
    again = Ear(engine)
    await again.note({("source", f"device-{device}", 11) for device in range(4)})
    await again.note({("source", name, 11) for name in ("crm", "pos", "survey")})
    await other.note({("source", "survey", 12)})
    assert {one.name: one.last for one in await all_heard(engine)} == {"crm": 11, "pos": 11, "survey": 12}


async def test_one_that_is_gone_for_weeks_makes_room(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heard_module, "MOST_SOURCES", 1)
    ear = Ear(engine)
    await ear.note({("source", "old-crm", 10)})
    await ear.note({("source", "crm", 10 + KEPT)})
    assert await names(engine) == ["old-crm"]
    await ear.note({("source", "crm", 11 + KEPT)})
    assert await names(engine) == ["crm", "old-crm"]


async def names(engine: AsyncEngine) -> list[str]:
    return sorted(one.name for one in await all_heard(engine))
