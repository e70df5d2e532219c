"""Bodies that are long, slow, in pieces or cut off, over sockets of our own."""

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from shared.kafka.topics import EVENTS
from tests.integration.services.ingest.door import Door, Written, event, open_door
from tests.integration.services.ingest.line import Line

MOST = 4096


@pytest.fixture(scope="module")
def strict_door(kafka_bootstrap: str, database_url: str, workshop: Path) -> Iterator[Door]:
    """Short bodies, and quickly."""
    limits = {"VOC_INGEST_MOST_BYTES": str(MOST), "VOC_INGEST_BODY_SECONDS": "1"}
    with open_door(kafka_bootstrap, database_url, workshop, **limits) as opened:
        yield opened


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def test_a_body_in_chunks_is_read_whole(strict_door: Door) -> None:
    written = Written(strict_door.kafka, EVENTS.name)
    body = msgspec.json.encode(event())
    line = Line(strict_door).head("Transfer-Encoding: chunked")
    for start in range(0, len(body), 50):
        line.send(chunk(body[start : start + 50]))
    assert line.send(chunk(b"")).status() == 202
    assert [record.value for record in written.records()] == [body]


def test_a_client_that_waits_for_100_is_told_to_go_on(strict_door: Door) -> None:
    body = msgspec.json.encode(event())
    line = Line(strict_door).head(f"Content-Length: {len(body)}", "Expect: 100-continue")
    assert line.status() == 100
    assert line.send(body).status() == 202


def test_413_as_soon_as_the_length_is_known(strict_door: Door) -> None:
    assert Line(strict_door).head(f"Content-Length: {MOST + 1}").status() == 413
    line = Line(strict_door).head("Transfer-Encoding: chunked")
    assert line.send(chunk(b" " * MOST)).send(chunk(b" ")).status() == 413


def test_a_body_of_just_the_length_is_taken_and_one_byte_more_is_not(strict_door: Door) -> None:
    body = msgspec.json.encode(event())
    assert strict_door.post(body.ljust(MOST)).status_code == 202
    answer = strict_door.post(body.ljust(MOST + 1))
    assert answer.status_code == 413
    assert "4,096 bytes" in answer.json()["detail"]


def test_an_event_as_long_as_may_be_fits_into_kafka(door: Door) -> None:
    written = Written(door.kafka, EVENTS.name)
    body = msgspec.json.encode(event(data={"action": "placed", "of-our-own": "x" * 999_000}))
    assert door.post(body.ljust(1_000_000)).status_code == 202
    assert [len(record.value) for record in written.records()] == [1_000_000]


@pytest.mark.parametrize("begun", [b"", b'{"specversion":'])
def test_a_body_that_does_not_come_is_given_up(strict_door: Door, begun: bytes) -> None:
    began_at = time.monotonic()
    assert Line(strict_door).head("Content-Length: 100").send(begun).status() == 503
    assert time.monotonic() - began_at >= 1


def test_a_client_that_leaves_halfway_harms_nobody(strict_door: Door) -> None:
    for _ in range(20):
        Line(strict_door).head("Content-Length: 100").send(b'{"specversion":').close()
    assert strict_door.post(event()).status_code == 202
    assert "not-answered" not in strict_door.service.tail()


def test_requests_in_one_go_are_answered_in_order(strict_door: Door) -> None:
    body = msgspec.json.encode(event())
    line = Line(strict_door)
    for text in (body, b"{", body):
        line.head(f"Content-Length: {len(text)}").send(text)
    assert [line.status() for _ in range(3)] == [202, 400, 202]
