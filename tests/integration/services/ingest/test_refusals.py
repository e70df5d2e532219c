"""Every refusal has its status, its sentence and its problem document; what a key sent is in the quarantine."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from shared.kafka.topics import EVENTS, QUARANTINE
from tests.integration.services.ingest.door import BATCH, Door, Written, event


@pytest.fixture
def quarantined(door: Door) -> Written:
    return Written(door.kafka, QUARANTINE.name)


def problem(answer: httpx.Response) -> dict[str, Any]:
    document: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (document["status"], document["type"]) == (answer.status_code, "about:blank")
    assert document["title"]
    assert document["detail"]
    return document


def test_405_for_another_method(door: Door) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = door.client.request(method, "/v1/events", headers={"authorization": f"Bearer {door.key}"})
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        problem(answer)


@pytest.mark.parametrize("media", ["text/plain", "application/cloudevents+avro", "application/json; charset=latin-1"])
def test_415_for_another_media_type(door: Door, media: str) -> None:
    answer = door.post(event(), content_type=media)
    assert answer.status_code == 415
    assert "application/cloudevents+json" in problem(answer)["detail"]
    assert "application/cloudevents-batch+json" in answer.headers["accept"]


def test_415_for_a_content_encoding(door: Door) -> None:
    answer = door.post(event(), content_encoding="gzip")
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")
    assert "Content-Encoding" in problem(answer)["detail"]


@pytest.mark.parametrize(("body", "fault"), [(b"{", "truncated"), (b"", "truncated"), (b'{"id":"\xff"}', "UTF-8")])
def test_400_for_what_is_no_json_object_and_it_is_kept(
    door: Door, quarantined: Written, body: bytes, fault: str
) -> None:
    answer = door.post(body)
    assert answer.status_code == 400
    assert fault in problem(answer)["problems"][0]["message"]
    (record,) = quarantined.records()
    assert (record.value, record.key) == (body, None)


def test_a_batch_that_is_not_called_one_is_told_how(door: Door) -> None:
    answer = door.post(b"[]", content_type="application/json")
    assert answer.status_code == 422
    assert "application/cloudevents-batch+json" in problem(answer)["detail"]


def test_400_for_a_header_that_cannot_be_read(door: Door, quarantined: Written) -> None:
    answer = door.post(b"{}", content_type="application/json", ce_id="%ff")
    assert answer.status_code == 400
    assert problem(answer)["problems"] == [{"path": "ce-id", "message": "expected UTF-8, percent-encoded"}]
    (record,) = quarantined.records()
    assert (record.value, record.key) == (b"{}", None)
    assert dict(record.headers)["ce-id"] == b"%ff"


def test_400_for_a_body_beside_headers_and_both_are_kept(door: Door, quarantined: Written) -> None:
    answer = door.post(b"{", content_type="application/json", ce_id="1", ce_source="urn%3Ashop", ce_type="voc.outcome")
    assert answer.status_code == 400
    (record,) = quarantined.records()
    assert (record.value, record.key) == (b"{", b"urn:shop")
    kept = {name: value for name, value in record.headers if name.startswith("ce-")}
    assert kept == {"ce-id": b"1", "ce-source": b"urn%3Ashop", "ce-type": b"voc.outcome"}


def test_422_names_every_fault_by_its_path_and_it_is_kept_with_the_reason(door: Door, quarantined: Written) -> None:
    before = datetime.now(UTC)
    wrong = event(subject="", type="voc.feedback", data={"answers": [{"metric": "nps", "score": 11}]})
    answer = door.post(wrong)
    assert answer.status_code == 422
    assert {one["path"] for one in problem(answer)["problems"]} == {"subject", "data.answers[0].score"}
    (record,) = quarantined.records()
    headers = dict(record.headers)
    assert (record.value, record.key) == (msgspec.json.encode(wrong), b"urn:test:shop")
    assert b"subject" in headers["reason"]
    assert b"data.answers[0].score" in headers["reason"]
    assert headers["origin"] == b"POST /v1/events"
    assert before <= datetime.fromisoformat(headers["first-seen"].decode()) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"time": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "time"),
        ({"type": "voc.unheard-of"}, "type"),
        ({"id": None}, "id"),
        ({"specversion": "0.3"}, "specversion"),
        ({"subject": "crm:"}, "subject"),
        ({"data": {"action": "a\0b"}}, "data.action"),
    ],
)
def test_422_for_what_is_well_formed_but_no_event(door: Door, wrong: dict[str, Any], path: str) -> None:
    answer = door.post(event(**wrong))
    assert answer.status_code == 422
    assert [one["path"] for one in problem(answer)["problems"]] == [path]


def test_an_event_in_headers_is_refused_and_kept_as_the_structured_event_it_is(
    door: Door, quarantined: Written
) -> None:
    answer = door.post(b"{}", content_type="application/json", ce_id="1", ce_source="s", ce_specversion="1.0")
    assert answer.status_code == 422
    assert [one["path"] for one in problem(answer)["problems"]] == ["type"]
    (record,) = quarantined.records()
    assert msgspec.json.decode(record.value)["id"] == "1"
    assert record.key == b"s"


def test_a_batch_is_answered_item_by_item(door: Door, quarantined: Written) -> None:
    written = Written(door.kafka, EVENTS.name)
    good, bad, none = event(), event(id="bad", source="urn:test:crm", data={}, type="voc.outcome"), 7
    answer = door.post([bad, good, none])
    assert answer.status_code == 202
    assert answer.json() == {
        "accepted": 1,
        "rejected": [
            {"index": 0, "id": "bad", "problems": [{"path": "data.kind", "message": "missing"}]},
            {"index": 2, "id": None, "problems": [{"path": "", "message": "expected a JSON object, found a number"}]},
        ],
    }
    assert [record.value for record in written.records()] == [msgspec.json.encode(good)]
    kept = quarantined.records()
    assert [(r.value, r.key) for r in kept] == [(msgspec.json.encode(bad), b"urn:test:crm"), (b"7", None)]
    assert [dict(r.headers)["origin"] for r in kept] == [b"POST /v1/events[0]", b"POST /v1/events[2]"]


def test_422_for_a_batch_of_which_nothing_was_taken(door: Door) -> None:
    answer = door.post([event(id=None), 1])
    assert answer.status_code == 422
    document = problem(answer)
    assert document["accepted"] == 0
    assert [one["index"] for one in document["rejected"]] == [0, 1]


def test_422_for_an_empty_batch(door: Door) -> None:
    answer = door.post([])
    assert answer.status_code == 422
    document = problem(answer)
    assert (document["accepted"], document["rejected"], document["detail"]) == (0, [], "The batch has no events.")


def test_413_for_a_batch_of_too_many(door: Door) -> None:
    answer = door.post([event(data={})] * 1001)
    assert answer.status_code == 413
    assert "1,000 events" in problem(answer)["detail"]


@pytest.mark.parametrize("body", [b"{}", b"[", b"[1] 2", b'["\xff"]'])
def test_400_for_a_batch_that_is_no_array(door: Door, quarantined: Written, body: bytes) -> None:
    answer = door.post(body, **{name.replace("-", "_"): value for name, value in BATCH.items()})
    assert answer.status_code == 400
    problem(answer)
    assert [record.value for record in quarantined.records()] == [body]


def test_refusals_are_counted_by_their_reason(door: Door) -> None:
    def counted(reason: str) -> float:
        name = f'voc_ingest_events_refused_total{{reason="{reason}"}}'
        lines = door.service.get("/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name))

    before = {reason: counted(reason) for reason in ("invalid", "malformed", "media-type", "method")}
    door.post([event(), event(id=None), 3])
    door.post([1, 2])
    door.post(event(id=None))
    door.post(b"{")
    door.post(event(), content_type="text/plain")
    door.client.get("/v1/events")
    now = {reason: counted(reason) - before[reason] for reason in before}
    assert now == {"invalid": 5, "malformed": 1, "media-type": 1, "method": 1}
