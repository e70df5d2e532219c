"""Alerts killed by SIGKILL at each numbered step of a delivery (docs/alerts.md): nothing untold, few told twice."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from msgspec.structs import replace

from services.alerts.entrypoints.inbox import GROUP
from shared.kafka.topics import MOMENTS
from shared.programme.model import Owner, Programme, Receiver
from tests import letters, road
from tests.inbox import Inbox
from tests.parts import kafka_address
from tests.processes import Service
from tests.telling import alerts, tell

RECEIVERS = {"slack": "#delivery", "email": "delivery@example.com"}

# Where the database holds the process up: before it has taken the message in, before it writes down that it has
# claimed, that it is sending, what came of it. The trigger waits for a lock that the test has.
HELD_UP = {
    "told": "before insert on alerts.deliveries",
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
    async with trap(database_url, HELD_UP[step]) as lock:
        await tell(own_kafka, replace(letters.MOMENT, touchpoint=f"{channel}-{step}"))
        await road.until(lambda: _waits(lock), within=30, what=first.tail)
        first.kill()
    second = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **settings)
    await after_the_death(second, database_url, f"{channel}-{step}")
    assert len(inbox.messages()) == DUPLICATES.get((channel, step), 1), inbox.messages()


@pytest.mark.parametrize("channel", RECEIVERS)
async def test_a_call_that_reached_nobody_is_made_again(
    channel: str, own_kafka: str, inbox: Inbox, database_url: str, workshop: Path
) -> None:
    """Killed between step 3 and the answer to step 4: `sending` is written, and who is called says nothing."""
    inbox.well()
    await road.apply_programme(database_url, owner_told_by(channel))
    settings = {"VOC_ALERTS_LEASE_SECONDS": "3", "VOC_ALERTS_SEND_SECONDS": "2"}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        deaf = {"VOC_SLACK_API_URL": f"http://127.0.0.1:{port}/api/", "VOC_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        first = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **settings, **deaf)
        await asyncio.to_thread(first.start)
        await asyncio.to_thread(first.ready)
        await tell(own_kafka, replace(letters.MOMENT, touchpoint=f"{channel}-sending"))
        silent.settimeout(30)
        caller, _ = await asyncio.to_thread(silent.accept)
        first.kill()
        caller.close()
    states = {row["state"] for row in await road.fetch(database_url, "select state from alerts.deliveries")}
    assert "sending" in states
    second = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **settings)
    await after_the_death(second, database_url, f"{channel}-sending")
    assert len(inbox.messages()) == 1, inbox.messages()


@pytest.mark.parametrize("channel", RECEIVERS)
async def test_what_is_settled_is_not_said_again(
    channel: str, own_kafka: str, inbox: Inbox, database_url: str, workshop: Path
) -> None:
    """Killed after step 5, while Kafka's own note of how far it was read is put back: all of it is read again."""
    inbox.well()
    await road.apply_programme(database_url, owner_told_by(channel))
    first = alerts(workshop, inbox, kafka=own_kafka, database=database_url)
    await asyncio.to_thread(first.start)
    await asyncio.to_thread(first.ready)
    await tell(own_kafka, replace(letters.MOMENT, touchpoint=f"{channel}-settled"))
    await road.until(lambda: _settled(database_url, f"{channel}-settled"), within=30, what=first.tail)
    first.kill()
    await forget_what_was_read(own_kafka)
    again = alerts(workshop, inbox, kafka=own_kafka, database=database_url)
    await asyncio.to_thread(again.start)
    try:
        await road.until(lambda: _read_again(again), within=30, what=again.tail)
    finally:
        await asyncio.to_thread(again.stop)
    assert len(inbox.messages()) == 1, inbox.messages()


async def after_the_death(second: Service, database_url: str, touchpoint: str) -> None:
    """Another process does the rest."""
    await asyncio.to_thread(second.start)
    try:
        await road.until(lambda: _settled(database_url, touchpoint), within=60, what=second.tail)
    finally:
        await asyncio.to_thread(second.stop)


@asynccontextmanager
async def trap(database_url: str, when: str) -> AsyncIterator[asyncpg.Connection]:
    """Whoever comes by waits, until it is killed."""
    lock = await asyncpg.connect(database_url)
    await lock.execute("select pg_advisory_lock(4711)")
    await lock.execute(TRAP.format(when=when))
    try:
        yield lock
    finally:
        await lock.execute("drop function public.held_up() cascade")
        await lock.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted")
        await lock.close()


async def forget_what_was_read(bootstrap: str) -> None:
    """Put the group back to the beginning of voc.moments, as soon as Kafka has noticed that its member is dead."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        for _ in range(200):
            _, _, state, *_ = (await admin.describe_consumer_groups([GROUP]))[0].groups[0]
            if state in ("Empty", "Dead"):
                break
            await asyncio.sleep(0.2)
    finally:
        await admin.close()
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=GROUP, enable_auto_commit=False) as consumer:
        moments = TopicPartition(MOMENTS.name, 0)
        consumer.assign([moments])
        await consumer.commit({moments: 0})


async def _read_again(service: Service) -> bool:
    return '"reason": "seen-before"' in service.log.read_text()


def owner_told_by(channel: str) -> Programme:
    receiver = Receiver(channel=channel, to=RECEIVERS[channel])  # type: ignore[arg-type]  # one of the two above
    owner = Owner(owner="delivery", name="Delivery team", timezone="UTC", notify=(receiver,))
    return Programme(name="Retail", timezone="UTC", owners=(owner,))


async def _waits(connection: asyncpg.Connection) -> bool:
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    return bool(await connection.fetchval(query))


async def _settled(database_url: str, touchpoint: str) -> bool:
    rows = await road.fetch(
        database_url,
        "select state from alerts.deliveries d join alerts.conversations c on c.id = d.conversation"
        " join alerts.episodes e on e.id = c.thread where touchpoint = $1",
        touchpoint,
    )
    return bool(rows) and all(row["state"] in ("delivered", "overtaken") for row in rows)
