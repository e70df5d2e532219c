"""The programme in force: a version is taken up when it begins to hold, and the last stands while nobody answers."""

from datetime import UTC, datetime, timedelta

import msgspec

from services.ingest.adapters.programme import InForce
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme.history import Version
from shared.programme.model import Programme
from shared.programme.source import Source
from shared.programme.store import apply
from tests.programmes import DELIVERY

START = datetime(2026, 5, 1, tzinfo=UTC)
FIRST = Programme(name="Shop", timezone="UTC", journeys=(DELIVERY,))
SECOND = msgspec.structs.replace(FIRST, sources=(Source(source="orders", topic="shop.orders"),))


async def test_versions_are_taken_up_when_they_begin(database_url: str) -> None:
    engine = connect(DatabaseSettings(url=database_url), application="voc-test", pool_size=1)
    await migrate(engine, "voc", "shared.postgres.migrations")
    at = START
    in_force, told = InForce(engine, lambda: at), list[Version]()
    in_force.tell(told.append)
    await in_force.refresh()
    assert (in_force.asked, in_force.version, told) == (True, None, [])

    async with engine.begin() as connection:
        await apply(connection, FIRST, now=START)
        await apply(connection, SECOND, now=START, from_at=START + timedelta(hours=1))
    await in_force.refresh()
    await in_force.refresh()
    assert [version.programme.sources for version in told] == [()]

    at = START + timedelta(hours=1)
    await in_force.refresh()
    assert [len(version.programme.sources) for version in told] == [0, 1]
    late = list[Version]()
    in_force.tell(late.append)
    assert late == told[1:], "who comes later is told of the one that holds"
    await engine.dispose()
