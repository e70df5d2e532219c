"""What goes in by the door is in Kafka when the answer is 202, in all three modes."""

import msgspec
import pytest
from aiokafka.partitioner import DefaultPartitioner

from shared.kafka.topics import EVENTS
from tests.integration.services.ingest.door import Door, Written, event


@pytest.fixture
def written(door: Door) -> Written:
    return Written(door.kafka, EVENTS.name)


def test_a_structured_event_is_in_kafka_as_it_came(door: Door, written: Written) -> None:
    sent = event(unheard_of={"kept": [1, 2.50]}, subject="email:ana@example.com")
    answer = door.post(sent)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "rejected": []})
    (record,) = written.records()
    assert record.value == msgspec.json.encode(sent)
    assert record.key == b"email:ana@example.com"


def test_plain_json_is_a_structured_event_too(door: Door, written: Written) -> None:
    assert door.post(event(), content_type="application/json; charset=utf-8").status_code == 202
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
    assert answer.status_code == 202, answer.text
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
    partitions = list(range(EVENTS.partitions))
    default = DefaultPartitioner()
    assert [r.partition for r in records] == [default(r.key, partitions, partitions) for r in records]
    assert {r.partition for r in records} == set(partitions)
    by_customer = [
        [e["id"] for e in map(msgspec.json.decode, (r.value for r in records)) if e.get("subject") == f"crm:{c}"]
        for c in range(7)
    ]
    assert by_customer == [[e["id"] for e in sent if e.get("subject") == f"crm:{c}"] for c in range(7)]
