"""What goes in by the door is in Kafka when the answer is 202, in all three modes."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from aiokafka.partitioner import DefaultPartitioner

from shared.kafka.topics import EVENTS
from tests.integration.services.ingest.door import Door, Written, event

TAKEN = {"accepted": 1, "rejected": []}


@pytest.fixture
def written(door: Door) -> Written:
    return Written(door.kafka, EVENTS.name)


def test_a_structured_event_is_in_kafka_as_it_came(door: Door, written: Written) -> None:
    sent = event(unheardof={"kept": [1, 2.50]}, subject="email:ana@example.com")
    answer = door.post(sent)
    assert (answer.status_code, answer.json()) == (202, TAKEN)
    assert answer.headers["content-type"] == "application/json"
    (record,) = written.records()
    assert record.value == msgspec.json.encode(sent)
    assert record.key == b"email:ana@example.com"


@pytest.mark.parametrize("media", ["application/json", "Application/Json; charset=UTF-8", ""])
def test_plain_json_is_a_structured_event_too(door: Door, written: Written, media: str) -> None:
    assert door.post(event(), content_type=media).status_code == 202
    assert len(written.records()) == 1


def test_an_event_in_headers_is_put_together(door: Door, written: Written) -> None:
    answer = door.post(
        b'{"action": "placed"}',
        content_type="application/json",
        ce_specversion="1.0",
        ce_id="headers-1",
        ce_source="urn:test:%C3%A4pp",
        ce_type="voc.interaction",
        ce_subject='"crm:7"',
        ce_time="2026-05-01T10:00:00Z",
        ce_region="north%20west",
    )
    assert (answer.status_code, answer.json()) == (202, TAKEN)
    (record,) = written.records()
    assert msgspec.json.decode(record.value) == {
        "specversion": "1.0",
        "id": "headers-1",
        "source": "urn:test:äpp",
        "type": "voc.interaction",
        "subject": "crm:7",
        "time": "2026-05-01T10:00:00Z",
        "region": "north west",
        "datacontenttype": "application/json",
        "data": {"action": "placed"},
    }


def test_a_batch_lands_where_kafkas_default_puts_it_and_in_order(door: Door, written: Written) -> None:
    sent = [event(id=str(n), subject=f"crm:{n % 7}" if n % 5 else None) for n in range(200)]
    answer = door.post(sent)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 200, "rejected": []})
    records = written.records()
    partitions = sorted(written.partitions)
    default = DefaultPartitioner()
    assert [record.partition for record in records] == [default(r.key, partitions, partitions) for r in records]
    assert {record.partition for record in records} == set(partitions)
    found = [msgspec.json.decode(record.value) for record in records]
    assert by_customer(found) == by_customer(sent)


def by_customer(events: list[dict[str, Any]]) -> dict[str, list[str]]:
    ids = defaultdict(list)
    for one in events:
        ids[one.get("subject") or one["id"]].append(one["id"])
    return ids


def test_an_event_without_a_time_says_when_it_was_received(door: Door, written: Written) -> None:
    before = datetime.now(UTC)
    assert door.post(event(time=None)).status_code == 202
    assert door.post([event(time=None)]).status_code == 202
    for record in written.records():
        stamped = msgspec.json.decode(record.value)
        assert before <= datetime.fromisoformat(stamped["time"]) <= datetime.now(UTC)
        assert stamped["timesource"] == "received"


def test_a_duplicate_is_accepted(door: Door, written: Written) -> None:
    sent = event()
    assert [door.post(sent).status_code, door.post([sent, sent]).json()["accepted"]] == [202, 2]
    assert [record.value for record in written.records()] == [msgspec.json.encode(sent)] * 3


def test_feedback_without_a_subject_is_keyed_by_its_id(door: Door, written: Written) -> None:
    kiosk = event(id="kiosk-1", subject=None, type="voc.feedback", data={"answers": [{"metric": "nps", "score": 9}]})
    assert door.post(kiosk).status_code == 202
    assert [record.key for record in written.records()] == [b"kiosk-1"]
