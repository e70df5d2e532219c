"""The outbox reaches Kafka whole and in order, whoever of the relays dies or hangs; an overtaken one cannot publish."""

import asyncio
import signal
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.local.server import Server
from services.scoring.entrypoints.relay import TRANSACTIONAL_ID
from shared.kafka.topics import QUARANTINE
from tests import road
from tests.faults.conftest import StartScoring
from tests.processes import Service

MESSAGES = 30_000
_PUT = """
insert into scoring.outbox (topic, key, value, headers)
select $1, null, convert_to('message ' || n, 'UTF8'), '{}' from generate_series(1, $2::int) n
"""
_LEADER = """
select a.application_name from pg_stat_activity a join pg_locks l using (pid)
where l.locktype = 'advisory' and l.granted and a.datname = current_database()
  and l.objid = (hashtext('scoring.relay')::bigint & 4294967295)::oid
"""


async def test_the_leader_killed_while_publishing_loses_nothing(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    relays = [scoring(slot) for slot in (0, 1)]
    for relay in relays:
        await asyncio.to_thread(relay.start)
        await asyncio.to_thread(relay.ready)
    begin = await end_of_topic(kafka.address)
    await put(database, MESSAGES)
    for _ in range(3):
        leader = await until_publishing(database, relays)
        await asyncio.to_thread(leader.kill)
        await asyncio.to_thread(leader.start)
    await until_published(database, within=60, what=relays[0].tail)
    ids = await published(kafka.address, begin)
    assert list(dict.fromkeys(ids)) == await outbox(database), "not all of them, or not in order"
    assert len(ids) < 2 * MESSAGES


async def test_a_frozen_leader_is_succeeded_and_cannot_publish_when_it_wakes(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    relays = [scoring(slot) for slot in (0, 1)]
    for relay in relays:
        await asyncio.to_thread(relay.start)
        await asyncio.to_thread(relay.ready)
    begin = await end_of_topic(kafka.address)
    await put(database, MESSAGES)
    leader = await until_publishing(database, relays)
    leader.signal(signal.SIGSTOP)
    await until_published(database, within=60, what=relays[0].tail)
    leader.signal(signal.SIGCONT)
    await put(database, 10)
    await until_published(database, within=30, what=relays[0].tail)
    assert list(dict.fromkeys(await published(kafka.address, begin))) == await outbox(database)


async def test_a_relay_that_was_overtaken_in_its_transaction_publishes_nothing_of_it(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    relay = scoring()
    await asyncio.to_thread(relay.start)
    await asyncio.to_thread(relay.ready)
    await asyncio.to_thread(relay.stop)
    begin = await end_of_topic(kafka.address)
    older = AIOKafkaProducer(bootstrap_servers=kafka.address, transactional_id=TRANSACTIONAL_ID)
    await older.start()
    try:
        await older.begin_transaction()
        await older.send_and_wait(QUARANTINE.name, b"too late", headers=[("outbox-id", b"0")])
        await asyncio.to_thread(relay.start)
        await put(database, 10)
        await until_published(database, within=30, what=relay.tail)
        with pytest.raises(KafkaError):
            await older.commit_transaction()
    finally:
        await older.stop()
    assert await published(kafka.address, begin) == await outbox(database)


async def test_what_was_published_a_week_ago_is_forgotten(kafka: Server, database: str, scoring: StartScoring) -> None:
    relay = scoring()
    await asyncio.to_thread(relay.start)
    await asyncio.to_thread(relay.ready)
    await put(database, 20)
    await until_published(database, within=30, what=relay.tail)
    await road.execute(database, "update scoring.outbox set published_at = now() - interval '8 days' where id % 2 = 0")
    kept = [id_ for id_ in await outbox(database) if id_ % 2]

    async def forgotten() -> bool:
        return await outbox(database) == kept

    await road.until(forgotten, within=30, what=relay.tail)


async def test_a_message_that_kafka_refuses_is_cut_and_does_not_hold_up_the_others(
    kafka: Server, database: str, scoring: StartScoring
) -> None:
    relay = scoring()
    await asyncio.to_thread(relay.start)
    await asyncio.to_thread(relay.ready)
    begin = await end_of_topic(kafka.address)
    large = "insert into scoring.outbox (topic, value, headers) values ($1, convert_to(repeat('x', $2), 'UTF8'), '{}')"
    for size in (5, 3_000_000, 5_000_000, 5, 1_500_000):  # the broker refuses the second, the producer the third
        await road.execute(database, large, QUARANTINE.name, size)
    await road.execute(database, "notify voc_outbox")
    await until_published(database, within=30, what=relay.tail)
    assert await published(kafka.address, begin) == await outbox(database)
    assert relay.log.read_text().count('"message-refused"') == 2
    assert 'voc_scoring_outbox_refused_total{topic="voc.quarantine"} 2.0' in relay.get("/metrics").text


async def put(database: str, count: int) -> None:
    """Messages as batches leave them, and the notice of them."""
    await road.execute(database, _PUT, QUARANTINE.name, count)
    await road.execute(database, "notify voc_outbox")


async def until_publishing(database: str, relays: list[Service]) -> Service:
    """The leader, as soon as it has published something and not all."""
    marked = "select count(*) as n from scoring.outbox where published_at is not null"
    before = (await road.fetch(database, marked))[0]["n"]

    async def at_it() -> bool:
        return bool((await road.fetch(database, marked))[0]["n"] > before)

    await road.until(at_it, within=60, what=relays[0].tail)
    assert await road.fetch(database, "select from scoring.outbox where published_at is null limit 1")
    leaders = [row["application_name"] for row in await road.fetch(database, _LEADER)]
    assert len(leaders) == 1
    return relays[int(leaders[0].removeprefix("voc-scoring-"))]


async def until_published(database: str, *, within: float, what: Callable[[], str]) -> None:
    async def done() -> bool:
        return not await road.fetch(database, "select from scoring.outbox where published_at is null limit 1")

    await road.until(done, within=within, what=what)


async def outbox(database: str) -> list[int]:
    return [row["id"] for row in await road.fetch(database, "select id from scoring.outbox order by id")]


async def end_of_topic(bootstrap: str) -> int:
    tp = TopicPartition(QUARANTINE.name, 0)
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        consumer.assign([tp])
        end: int = (await consumer.end_offsets([tp]))[tp]
        return end


async def published(bootstrap: str, begin: int) -> list[int]:
    """The outbox's ids of committed messages from `begin` on, in order."""
    tp = TopicPartition(QUARANTINE.name, 0)
    ids = []
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed") as consumer:
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        consumer.seek(tp, begin)
        while await consumer.position(tp) < end:
            for batch in (await consumer.getmany(timeout_ms=1000)).values():
                ids += [int(dict(record.headers)["outbox-id"]) for record in batch]
    return ids
