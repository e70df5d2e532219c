"""Events in Kafka become the reference's counts in PostgreSQL, through a real scoring process."""

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import reference, road
from tests.parts import kafka_address
from tests.processes import Service, running
from tests.programmes import RETAIL

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    """A broker whose `voc.events` holds nothing but this module's."""
    with kafka_address(workshop / "road") as address:
        yield address


def orders(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Orders with promises, deliveries in time, late or never, answers in two parts, chats, a kiosk."""
    chance = random.Random(seed)
    events = []
    for number in range(count):
        at = BEGIN + timedelta(minutes=chance.randrange(60 * 24 * 20))
        who = f"crm:{chance.randrange(count // 3 + 1)}"
        due = at + timedelta(days=chance.choice([1, 2, 400]))
        base = {"journey": "order-to-door", "instance": str(number)}
        events.append(_event(f"{number}-placed", who, at, base | {"action": "placed", "promised_at": due.isoformat()}))
        if chance.random() < 0.9:
            came = at + timedelta(hours=chance.randrange(10, 80))
            events.append(_event(f"{number}-came", who, came, base | {"action": "delivered", "channel": "courier"}))
        if chance.random() < 0.6:
            said = at + timedelta(days=3)
            part = base | {"touchpoint": "parcel-arrives", "response": f"r{number}"}
            answer = {"metric": "csat", "score": chance.randrange(1, 6)}
            events.append(_feedback(f"{number}-score", who, said, part | {"answers": [answer]}))
            events.append(_feedback(f"{number}-words", who, said + timedelta(minutes=3), part | {"comment": "Danke."}))
        if chance.random() < 0.3:
            chat = {"action": "chatted", "channel": "web", "response_seconds": chance.random() * 600}
            events.append(_event(f"{number}-chat", who, at, chat))
        if chance.random() < 0.2:
            kiosk = {"touchpoint": "parcel-arrives", "answers": [{"metric": "nps", "score": chance.randrange(11)}]}
            events.append(_feedback(f"{number}-kiosk", None, at, kiosk))
    return events


def _event(name: str, who: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": name, "source": "urn:shop", "type": "voc.interaction", "subject": who}
    return head | {"time": at.isoformat(), "data": data}


def _feedback(name: str, who: str | None, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": name, "source": "urn:survey", "type": "voc.feedback", "time": at.isoformat()}
    return head | ({"subject": who} if who else {}) | {"data": data}


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
