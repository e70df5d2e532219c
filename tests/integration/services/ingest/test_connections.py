"""Clients that keep the door waiting, heads that do not end, and more connections than may be."""

import contextlib
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import psutil
import pytest

from services.ingest.entrypoints.connection import SPARE
from tests.integration.services.ingest.door import Door, event, open_door
from tests.integration.services.ingest.line import Line
from tests.processes import eventually

HEAD_SECONDS = 1.5
MOST_BYTES = 4096
MOST_HEADERS = 20
MOST_CONNECTIONS = 12
START = b"POST /v1/events HTTP/1.1\r\nHost: door\r\n"


@pytest.fixture(scope="module")
def strict_door(kafka_bootstrap: str, database_url: str, workshop: Path) -> Iterator[Door]:
    limits = {
        "VOC_INGEST_HEAD_SECONDS": str(HEAD_SECONDS),
        "VOC_INGEST_IDLE_SECONDS": "2",
        "VOC_INGEST_MOST_HEAD_BYTES": str(MOST_BYTES),
        "VOC_INGEST_MOST_HEADERS": str(MOST_HEADERS),
        "VOC_INGEST_MOST_CONNECTIONS": str(MOST_CONNECTIONS),
    }
    with open_door(kafka_bootstrap, database_url, workshop, **limits) as opened:
        yield opened


@pytest.fixture
def lines(strict_door: Door) -> Iterator[list[Line]]:
    """The test's own connections, closed at its end; the door has forgotten all others when it begins."""
    eventually(lambda: connections(strict_door) <= 1, within=10)
    opened: list[Line] = []
    yield opened
    for line in opened:
        line.close()


def closed(line: Line) -> bool:
    return line.closed


def connections(door: Door) -> float:
    return next(value for name, value in metrics(door) if name == "voc_ingest_connections")


def metrics(door: Door) -> list[tuple[str, float]]:
    pairs = (line.rsplit(" ", 1) for line in door.service.get("/metrics").text.split("\n") if line[:1] not in "#")
    return [(name, float(value)) for name, value in pairs]


def sent(line: Line, text: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        line.send(text)


def test_who_keeps_the_door_waiting_is_closed_and_others_are_served(strict_door: Door, lines: list[Line]) -> None:
    silent, halfway, trickling, afterwards, endless, deaf = (Line(strict_door) for _ in range(6))
    lines += [silent, halfway, trickling, afterwards, endless, deaf]
    halfway.send(START + b"Content-Type: appl")
    assert afterwards.get("/healthz").status() == 200
    assert endless.head("Content-Length: 100000000").status() == 413
    with contextlib.suppress(TimeoutError):
        deaf.hurry(b"GET /metrics HTTP/1.1\r\nHost: door\r\n\r\n" * 10_000)
    began_at = time.monotonic()
    trickle = iter(START + b"X-Slow: " + b"y" * 1000)
    while not all(line.closed for line in (silent, afterwards, endless)) and time.monotonic() < began_at + 8:
        for line, text in ((trickling, bytes([next(trickle)])), (afterwards, b"\r\n"), (endless, b"z")):
            sent(line, text)
        assert strict_door.post(event()).status_code == 202
        time.sleep(0.1)
    assert HEAD_SECONDS <= time.monotonic() - began_at < 8
    for line in (halfway, trickling):
        assert line.status() == 408
        eventually(partial(closed, line), within=1)
    eventually(lambda: connections(strict_door) <= 2, within=5)
    reasons = {name for name, value in metrics(strict_door) if "_connections_closed_total{" in name and value}
    assert {name.split('"')[1] for name in reasons} >= {"idle", "unread", "slow-head"}


def test_a_connection_that_idles_between_requests_is_closed(strict_door: Door, lines: list[Line]) -> None:
    lines.append(line := Line(strict_door))
    body = msgspec.json.encode(event())
    for pause in (1, 1, 1):
        assert line.head(f"Content-Length: {len(body)}").send(body).status() == 202
        time.sleep(pause)
    eventually(lambda: line.closed, within=5)


@pytest.mark.parametrize("piece", [10**6, 1000])
def test_a_head_that_is_too_long_is_refused(strict_door: Door, lines: list[Line], piece: int) -> None:
    for length, statuses in ((MOST_BYTES - 500, {400}), (MOST_BYTES + 500, {431})):
        lines.append(line := Line(strict_door))
        head = b"x-long: " + b"y" * length + b"\r\ncontent-length: 1\r\n\r\n{"
        whole = START + f"Authorization: Bearer {strict_door.key}\r\n".encode() + head
        for start in range(0, len(whole), piece):
            sent(line, whole[start : start + piece])
            time.sleep(0.01)
        answer = line.answer()
        assert answer.status in statuses
        assert answer.headers["content-type"] == "application/problem+json"
        if answer.status == 431:
            assert "4,096 bytes" in answer.body.decode()
            eventually(partial(closed, line), within=3)


def test_a_head_without_an_end_is_closed_before_it_is_kept(strict_door: Door, lines: list[Line]) -> None:
    assert strict_door.service.process is not None
    process = psutil.Process(strict_door.service.process.pid)
    before = process.memory_info().rss
    lines.append(line := Line(strict_door))
    sent(line, START)
    for _ in range(200):
        sent(line, b"x" * 1_000_000)
    assert process.memory_info().rss - before < 16 * 1024 * 1024
    assert strict_door.post(event()).status_code == 202


def test_431_for_too_many_header_fields(strict_door: Door, lines: list[Line]) -> None:
    body = msgspec.json.encode(event())
    for more, status in ((MOST_HEADERS - 4, 202), (MOST_HEADERS - 3, 431)):
        lines.append(line := Line(strict_door))
        line.head(f"Content-Length: {len(body)}", *(f"X-{n}: n" for n in range(more))).send(body)
        answer = line.answer()
        assert answer.status == status
    assert (answer.headers["connection"], answer.headers["content-type"]) == ("close", "application/problem+json")
    assert "20 header fields; this one has 21" in answer.body.decode()


def test_more_connections_than_may_be_are_told_and_then_just_closed(strict_door: Door, lines: list[Line]) -> None:
    strict_door.client.close()  # its own connection must not be the one too many
    strict_door.client = type(strict_door.client)(base_url=strict_door.service.url, timeout=15)
    body = msgspec.json.encode(event())
    for _ in range(MOST_CONNECTIONS):
        lines.append(Line(strict_door))
        assert lines[-1].get("/healthz").status() == 200
    turned_away = strict_door.post(event())
    assert (turned_away.status_code, turned_away.headers["retry-after"]) == (503, "2")
    assert "Too many connections" in turned_away.json()["detail"]
    assert turned_away.headers["connection"] == "close"
    assert strict_door.service.get("/readyz").status_code == 200, "health is told to whoever asks"
    assert lines[0].head(f"Content-Length: {len(body)}").send(body).status() == 202
    crowd = [Line(strict_door) for _ in range(SPARE + 20)]
    lines += crowd
    eventually(lambda: sum(line.closed for line in crowd) >= 20, within=1)
    for line in lines:
        line.close()
    eventually(lambda: strict_door.post(event()).status_code == 202, within=5)
