"""Alerts killed by SIGKILL at each numbered step of a delivery (docs/alerts.md): nothing untold, few told twice."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from msgspec.structs import replace

from shared.programme.model import Owner, Programme, Receiver
from tests import letters, road
from tests.inbox import Inbox
from tests.parts import kafka_address
from tests.telling import alerts, tell

RECEIVERS = {"slack": "#delivery", "email": "delivery@example.com"}

# Where the database holds the process up: before it writes down that it has claimed, that it is sending, what came of
# it. The trigger waits for a lock that the test has.
HELD_UP = {
    "queued": "before update of fence on alerts.conversations",
    "claimed": "before insert on alerts.attempts",
    "called": "before update on alerts.attempts",
}
DUPLICATES = {("email", "called"): 2}  # the one that is stated: nobody can be asked whether a mail has arrived
TRAP = """
create function public.held_up() returns trigger language plpgsql as
$$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
create trigger held_up {when} for each row execute function public.held_up()
"""


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    with kafka_address(workshop / "alerts-killed") as address:
        yield address


@pytest.fixture(scope="module")
def inbox(workshop: Path) -> Iterator[Inbox]:
    folder = workshop / "alerts-killed-inbox"
    folder.mkdir()
    inbox = Inbox(folder).start()
    yield inbox
    inbox.stop()


@pytest.mark.parametrize("channel", RECEIVERS)
@pytest.mark.parametrize("step", HELD_UP)
async def test_a_delivery_outlives_its_process(
    channel: str, step: str, own_kafka: str, inbox: Inbox, database_url: str, workshop: Path
) -> None:
    inbox.well()
    await road.apply_programme(database_url, owner_told_by(channel))
    settings = {"VOC_ALERTS_LEASE_SECONDS": "3", "VOC_ALERTS_SEND_SECONDS": "2"}
    first = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **settings)
    await asyncio.to_thread(first.start)
    await asyncio.to_thread(first.ready)
    lock = await asyncpg.connect(database_url)
    await lock.execute("select pg_advisory_lock(4711)")
    await lock.execute(TRAP.format(when=HELD_UP[step]))
    try:
        await tell(own_kafka, replace(letters.MOMENT, touchpoint=f"{channel}-{step}"))
        await road.until(lambda: _waits(lock), within=30, what=first.tail)
        first.kill()
    finally:
        await lock.execute("drop function public.held_up() cascade")
        await lock.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted")
        await lock.close()
    second = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **settings)
    await asyncio.to_thread(second.start)
    try:
        await road.until(lambda: _settled(database_url), within=60, what=second.tail)
    finally:
        await asyncio.to_thread(second.stop)
    assert len(inbox.messages()) == DUPLICATES.get((channel, step), 1), inbox.messages()


def owner_told_by(channel: str) -> Programme:
    receiver = Receiver(channel=channel, to=RECEIVERS[channel])  # type: ignore[arg-type]  # one of the two above
    owner = Owner(owner="delivery", name="Delivery team", timezone="UTC", notify=(receiver,))
    return Programme(name="Retail", timezone="UTC", owners=(owner,))


async def _waits(connection: asyncpg.Connection) -> bool:
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    return bool(await connection.fetchval(query))


async def _settled(database_url: str) -> bool:
    rows = await road.fetch(database_url, "select state from alerts.deliveries")
    return bool(rows) and all(row["state"] in ("delivered", "overtaken") for row in rows)
