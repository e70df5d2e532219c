"""Alerts killed by SIGKILL at each numbered step of a delivery (docs/alerts.md): nothing untold, few told twice."""

import asyncio
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from msgspec.structs import replace

from services.alerts.entrypoints.inbox import GROUP
from shared.events.told.envelope import Told
from shared.events.told.moment import MomentDecided
from shared.kafka.topics import MOMENTS
from shared.programme.model import Owner, Programme, Receiver
from tests import letters, road
from tests.inbox import Inbox
from tests.parts import kafka_address
from tests.processes import Service
from tests.telling import alerts, tell

# Where the database holds the process up: before it has taken a message in, before it writes down that it has claimed,
# that it is sending, what came of it. The trigger waits for a lock that the test has. The number is of those who come
# to wait: a message in the inbox, a claim for each channel, and each delivery of `news` but the mail of an edit.
HELD_UP = {
    "told": ("before insert on alerts.deliveries", 1),
    "queued": ("before update of fence on alerts.conversations", 2),
    "claimed": ("before insert on alerts.attempts", 7),
    "called": ("before update on alerts.attempts", 7),
}
MAILS = {"called": 2}  # the duplicate that is stated: nobody can be asked whether a mail has arrived
NAME = re.compile(r"(?:(?:recovering|reddening|changing|customer)-(?:told|queued|claimed|called)|sending|settled)\b")
SHORT = {"VOC_ALERTS_LEASE_SECONDS": "3", "VOC_ALERTS_SEND_SECONDS": "2"}


def named(moment: MomentDecided, name: str) -> MomentDecided:
    return replace(moment, touchpoint=name, touchpoint_name=name)


def red_before(step: str) -> tuple[MomentDecided, ...]:
    return (named(letters.MOMENT, f"recovering-{step}"), named(letters.MOMENT, f"changing-{step}"))


def news(step: str) -> tuple[Told, ...]:
    """A recovery (a reply in the thread and an edit), a new red, an edit alone, and a case."""
    figure = replace(letters.PROMISE, figure=replace(letters.PROMISE.figure, value=12.25))
    return (
        named(letters.GREEN_NOW, f"recovering-{step}"),
        named(letters.MOMENT, f"reddening-{step}"),
        replace(named(letters.MOMENT, f"changing-{step}"), measures=(figure, letters.CSAT)),
        replace(letters.CASE, case=f"case-{step}", customer=f"customer-{step}"),
    )


TRAP = """
create function public.held_up() returns trigger language plpgsql as
$$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
create trigger held_up {when} for each row execute function public.held_up()
"""
END_THE_DEAD = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where application_name = 'voc-alerts' and datname = current_database()
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


@pytest.mark.parametrize("step", HELD_UP)
async def test_deliveries_outlive_their_process(
    step: str, own_kafka: str, inbox: Inbox, database_url: str, workshop: Path
) -> None:
    """A recovery in its thread, a new red, an edit and a case, by Slack and by mail, all of them at the same step."""
    inbox.well()
    await road.apply_programme(database_url, PROGRAMME)
    first = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **SHORT)
    await asyncio.to_thread(first.start)
    await asyncio.to_thread(first.ready)
    await tell(own_kafka, *red_before(step))
    await road.until(lambda: _settled(database_url, step, conversations=4), within=60, what=first.tail)
    when, waiters = HELD_UP[step]
    async with trap(database_url, when) as lock:
        await tell(own_kafka, *news(step))
        await road.until(lambda: _wait(lock, waiters), within=60, what=first.tail)
        first.kill()
    second = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **SHORT)
    await after_the_death(second, database_url, step, conversations=8, edits=2)
    mails = MAILS.get(step, 1)
    slack, mail = said(inbox, "slack"), said(inbox, "email")
    for name, in_slack, by_mail in (
        ("recovering", 2, 1 + mails),
        ("reddening", 1, mails),
        ("changing", 1, 1),
        ("customer", 1, mails),
    ):
        assert (name, slack[f"{name}-{step}"], mail[f"{name}-{step}"]) == (name, in_slack, by_mail)
    (changed,) = [one for one in inbox.messages() if one["kind"] == "slack" and f"changing-{step}" in one["text"]]
    assert "12.2" in changed["text"]


async def test_a_call_that_reached_nobody_is_made_again(
    own_kafka: str, inbox: Inbox, database_url: str, workshop: Path
) -> None:
    """Killed between step 3 and the answer to step 4: `sending` is written, and who is called says nothing."""
    inbox.well()
    await road.apply_programme(database_url, PROGRAMME)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        deaf = {"VOC_SLACK_API_URL": f"http://127.0.0.1:{port}/api/", "VOC_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        first = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **SHORT, **deaf)
        await asyncio.to_thread(first.start)
        await asyncio.to_thread(first.ready)
        await tell(own_kafka, named(letters.MOMENT, "sending"))
        silent.settimeout(30)
        callers = [await asyncio.to_thread(silent.accept) for _ in range(2)]
        first.kill()
        for caller, _ in callers:
            caller.close()
    states = {row["state"] for row in await road.fetch(database_url, "select state from alerts.deliveries")}
    assert "sending" in states
    second = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **SHORT)
    await after_the_death(second, database_url, "sending", conversations=2)
    assert (said(inbox, "slack")["sending"], said(inbox, "email")["sending"]) == (1, 1)


async def test_what_is_settled_is_not_said_again(
    own_kafka: str, inbox: Inbox, database_url: str, workshop: Path
) -> None:
    """Killed after step 5, while Kafka's own note of how far it was read is put back: all of it is read again."""
    inbox.well()
    await road.apply_programme(database_url, PROGRAMME)
    first = alerts(workshop, inbox, kafka=own_kafka, database=database_url)
    await asyncio.to_thread(first.start)
    await asyncio.to_thread(first.ready)
    await tell(own_kafka, named(letters.MOMENT, "settled"))
    await road.until(lambda: _settled(database_url, "settled", conversations=2), within=30, what=first.tail)
    first.kill()
    await forget_what_was_read(own_kafka)
    again = alerts(workshop, inbox, kafka=own_kafka, database=database_url)
    await asyncio.to_thread(again.start)
    try:
        await road.until(lambda: _read_again(again), within=30, what=again.tail)
    finally:
        await asyncio.to_thread(again.stop)
    assert (said(inbox, "slack")["settled"], said(inbox, "email")["settled"]) == (1, 1)


async def after_the_death(second: Service, database_url: str, name: str, *, conversations: int, edits: int = 0) -> None:
    """Another process does the rest."""
    await asyncio.to_thread(second.start)
    try:
        await road.until(lambda: _settled(database_url, name, conversations, edits), within=90, what=second.tail)
    finally:
        await asyncio.to_thread(second.stop)


def said(inbox: Inbox, kind: str) -> Counter[str]:
    """How often each name was told of."""
    texts = [one["text"] for one in inbox.messages() if one["kind"] == kind]
    return Counter(name for text in texts for name in set(NAME.findall(text)))


@asynccontextmanager
async def trap(database_url: str, when: str) -> AsyncIterator[asyncpg.Connection]:
    """Whoever comes by waits, until it is killed."""
    lock = await asyncpg.connect(database_url)
    await lock.execute("select pg_advisory_lock(4711)")
    await lock.execute(TRAP.format(when=when))
    try:
        yield lock
    finally:
        await lock.execute(END_THE_DEAD)  # first: they hold the tables that lose their trigger
        await lock.execute("drop function public.held_up() cascade")
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


def _owner(name: str) -> Owner:
    slack, mail = Receiver(channel="slack", to=f"#{name}"), Receiver(channel="email", to=f"{name}@example.com")
    return Owner(owner=name, name=name.title(), timezone="UTC", notify=(slack, mail))


PROGRAMME = Programme(name="Retail", timezone="UTC", owners=(_owner("delivery"), _owner("care")))


async def _wait(connection: asyncpg.Connection, number: int) -> bool:
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    return bool(await connection.fetchval(query) >= number)


async def _settled(database_url: str, name: str, conversations: int, edits: int = 0) -> bool:
    """Whether so many conversations about things of that name are at their end, and so many messages changed."""
    rows = await road.fetch(database_url, ABOUT, name)
    changed = [row for row in rows if row["edit"] and row["state"] == "delivered"]
    return (
        len({row["conversation"] for row in rows}) == conversations
        and len(changed) >= edits
        and all(row["state"] in ("delivered", "overtaken") for row in rows)
    )


ABOUT = """
select d.conversation, d.state, d.edit from alerts.deliveries d join alerts.conversations c on c.id = d.conversation
left join alerts.episodes e on e.id = c.thread left join alerts.cases k on k.thread = c.thread
where coalesce(e.touchpoint, k.id) like '%' || $1
"""
