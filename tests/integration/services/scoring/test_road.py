"""Events in Kafka become the reference's counts in PostgreSQL, through a real scoring process."""

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import reference, road
from tests.orders import BEGIN, feedback, orders
from tests.parts import kafka_address
from tests.processes import Service, running
from tests.programmes import RETAIL


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    """A broker whose `voc.events` holds nothing but this module's."""
    with kafka_address(workshop / "road") as address:
        yield address


async def test_events_become_the_references_counts(own_kafka: str, database_url: str, workshop: Path) -> None:
    events = orders(900)
    sent = road.records(events) + random.Random(2).sample(road.records(events), len(events) // 3)
    random.Random(3).shuffle(sent)
    scoring = Service("scoring", workshop, VOC_KAFKA_BOOTSTRAP_SERVERS=own_kafka, VOC_DATABASE_URL=database_url)
    await road.make_topic(own_kafka)
    await road.produce(own_kafka, sent)
    await asyncio.to_thread(scoring.start)
    try:
        await asyncio.to_thread(scoring.ready)
        await asyncio.sleep(1)  # without a programme nothing is folded: the first holds from the beginning of time
        assert await road.behind(own_kafka, database_url) == len(sent)
        await road.apply_programme(database_url, RETAIL)
        expected = reference.counts(events, datetime.now(UTC))
        await road.until_counts(database_url, expected, within=60, what=scoring.tail)
        assert await road.behind(own_kafka, database_url) == 0
        rows = await road.fetch(database_url, "select count(*) from scoring.timeline where source <> 'voc:scoring'")
        assert rows[0]["count"] == len(events)
        rows = await road.fetch(database_url, "select distinct kind, name from scoring.heard where kind = 'source'")
        assert {row["name"] for row in rows} == {"urn:shop", "urn:survey"}, "who was heard, ourselves excepted"
    finally:
        await asyncio.to_thread(scoring.stop)


async def test_what_is_no_event_goes_to_the_quarantine_once(own_kafka: str, database_url: str, workshop: Path) -> None:
    from aiokafka import AIOKafkaConsumer

    await road.produce(own_kafka, [("x", b"not json"), ("x", b'{"type":"voc.unheard-of"}')])
    scoring = Service("scoring", workshop, VOC_KAFKA_BOOTSTRAP_SERVERS=own_kafka, VOC_DATABASE_URL=database_url)
    consumer = AIOKafkaConsumer(
        "voc.quarantine", bootstrap_servers=own_kafka, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    with running(scoring):
        await consumer.start()
        try:
            found = [await asyncio.wait_for(consumer.getone(), 20) for _ in range(2)]
        finally:
            await consumer.stop()
    assert [record.value for record in found] == [b"not json", b'{"type":"voc.unheard-of"}']
    headers = dict(found[0].headers)
    assert b"JSON" in headers["reason"]
    assert headers["origin"].startswith(b"voc.events[")


async def test_an_instance_that_an_answer_only_passed_through_is_gone(
    own_kafka: str, database_url: str, workshop: Path
) -> None:
    at = BEGIN + timedelta(days=1)
    parts = [
        feedback("p1", "crm:parts", at, {"response": "p", "touchpoint": "parcel-arrives"}),
        feedback(
            "p2", "crm:parts", at, {"response": "p", "instance": "1", "answers": [{"metric": "csat", "score": 4}]}
        ),
        feedback("p3", "crm:parts", at + timedelta(minutes=1), {"response": "p", "instance": "2"}),
    ]
    settings = {"VOC_KAFKA_BOOTSTRAP_SERVERS": own_kafka, "VOC_DATABASE_URL": database_url, "VOC_SCORING_BATCH": "1"}
    query = "select instance, first_at, steps from scoring.read_instances where customer = 'crm:parts'"
    await road.make_topic(own_kafka)
    await road.apply_programme(database_url, RETAIL)
    scoring = Service("scoring", workshop, **settings)
    with running(scoring):
        for sent, expected in ((parts[:2], ("1", at, 0)), (parts[2:], ("2", at, 0))):
            await road.produce(own_kafka, road.records(sent))
            for _ in range(200):
                rows = await road.fetch(database_url, query)
                if [tuple(row) for row in rows] == [expected]:
                    break
                await asyncio.sleep(0.1)
            assert [tuple(row) for row in rows] == [expected], scoring.tail()
