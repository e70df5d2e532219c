import json
from base64 import b64decode

import pytest

from bench.ingest_request import MANNERS, Requests, complete
from shared.events.read import read


def bodies(manner: str, batch: int, count: int) -> list[bytes]:
    """The bodies of some requests whose heads were found right."""
    requests = Requests(MANNERS[manner], batch=batch, host="127.0.0.1:8080", key="k")
    found = []
    for request in [requests.next() for _ in range(count)]:
        head, _, body = request.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}\r\n".encode() in head + b"\r\n"
        assert head.startswith(f"POST {MANNERS[manner].path} HTTP/1.1\r\n".encode())
        assert b"Authorization: Bearer k\r\n" in head
        found.append(body)
    return found


def test_our_door_is_sent_valid_events_that_never_repeat() -> None:
    single = [read(body) for body in bodies("voc", 1, 50)]
    batched = [read(json.dumps(item).encode()) for body in bodies("voc", 100, 2) for item in json.loads(body)]
    assert len({event.id for event in single}) == 50
    assert len({event.id for event in batched}) == 200
    assert {event.customer for event in single} <= {f"crm:{number:09d}" for number in range(100_000)}


def test_karapace_is_sent_the_same_event_under_the_same_key() -> None:
    (one,) = bodies("karapace", 1, 1)
    (record,) = json.loads(one)["records"]
    event = read(json.dumps(record["value"]).encode())
    assert record["key"] == event.key
    (many,) = bodies("karapace", 100, 1)
    assert len({record["value"]["id"] for record in json.loads(many)["records"]}) == 100


def test_in_binary_karapace_is_sent_the_bytes_that_our_door_is_sent() -> None:
    (one,) = bodies("karapace-binary", 1, 1)
    (record,) = json.loads(one)["records"]
    event = read(b64decode(record["value"]))
    assert b64decode(record["key"]).decode() == event.key
    (many,) = bodies("karapace-binary", 100, 1)
    assert len({record["value"] for record in json.loads(many)["records"]}) == 100


def test_the_hub_is_sent_one_answer_a_request() -> None:
    answers = [json.loads(body) for body in bodies("hub", 1, 20)]
    assert len({answer["submission_id"] for answer in answers}) == 20
    assert {(answer["field_type"], answer["tenant_id"]) for answer in answers} == {("csat", "bench")}


@pytest.mark.parametrize(
    ("manner", "answer", "acknowledged"),
    [
        ("voc", b'HTTP/1.1 202 Accepted\r\n\r\n{"accepted":1,"rejected":[]}', True),
        ("voc", b'HTTP/1.1 202 Accepted\r\n\r\n{"accepted":9,"rejected":[{"index":3}]}', False),
        ("voc", b"HTTP/1.1 503 Service Unavailable\r\n\r\n{}", False),
        ("karapace", b'HTTP/1.1 200 OK\r\n\r\n{"offsets":[{"offset":0,"partition":2}]}', True),
        ("karapace", b'HTTP/1.1 200 OK\r\n\r\n{"offsets":[{"error_code":1,"error":"timed out"}]}', False),
        ("hub", b"HTTP/1.1 201 Created\r\n\r\n{}", True),
        ("hub", b"HTTP/1.1 409 Conflict\r\n\r\n{}", False),
    ],
)
def test_only_an_acknowledgement_counts(manner: str, answer: bytes, *, acknowledged: bool) -> None:
    assert MANNERS[manner].acknowledged(answer) is acknowledged


def test_an_answer_is_whole_when_its_body_is() -> None:
    answer = b"HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\nContent-LENGTH: 11\r\n\r\nhello world"
    assert [complete(answer[:length]) for length in (10, len(answer) - 1, len(answer))] == [False, False, True]


def test_an_answer_without_a_length_is_not_waited_for() -> None:
    with pytest.raises(ValueError, match="without Content-Length"):
        complete(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
