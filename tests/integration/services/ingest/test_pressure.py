"""Kafka hangs while load goes on: senders are told to come again, and memory stays within what may wait."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import msgspec
import psutil
import pytest

import deploy.local.kafka
from deploy.local.server import Server
from tests.integration.services.ingest.door import BATCH, STRUCTURED, Door, event, open_door
from tests.integration.services.ingest.line import Line
from tests.processes import eventually

MIB = 1024 * 1024
WAITING = 4 * MIB
COMING_IN = 8 * MIB
BOUND = 64 * MIB  # both limits, what is being read and the client library's copies; 80 where 32 may come in
SENDERS = 128
PATIENCE_SECONDS = 120  # on a machine that is busy with other things a hundred megabytes take their time


@pytest.fixture
def kafka(workshop: Path) -> Iterator[Server]:
    """A broker that may be harmed."""
    server = deploy.local.kafka.start(workshop / "pressed-kafka")
    try:
        yield server
    finally:
        server.stop()


def requests() -> list[tuple[bytes, str]]:
    """One long event, one whole batch, one of which nothing is right: each ends up elsewhere."""
    note = {"action": "placed", "of-our-own": "x" * 9000}
    batch = [event(subject=f"crm:{n}", data=note) for n in range(100)]
    long = event(data={"action": "placed", "of-our-own": "x" * 900_000})
    return [
        (msgspec.json.encode(long), STRUCTURED["content-type"]),
        (msgspec.json.encode(batch), BATCH["content-type"]),
        (msgspec.json.encode([{"type": "voc.feedback", "of-our-own": "x" * 9000}] * 100), BATCH["content-type"]),
    ]


class Crowd:
    """Senders that come again at once, whatever they are told."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._over = Event()
        self.answers: Counter[int] = Counter()
        bodies = requests()
        self._threads = [Thread(target=self._send, args=bodies[n % len(bodies)]) for n in range(SENDERS)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _send(self, body: bytes, media: str) -> None:
        line = Line(self._door, timeout=PATIENCE_SECONDS)
        head = f"POST /v1/events HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer {self._door.key}\r\n"
        whole = f"{head}Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        while not self._over.is_set():
            line.send(whole)
            self.answers[line.status()] += 1
        line.close()


def test_memory_stays_within_what_may_wait_while_kafka_hangs(kafka: Server, postgres_url: str, workshop: Path) -> None:
    allowed = {"VOC_INGEST_WAITING_BYTES": str(WAITING), "VOC_INGEST_BODIES_BYTES": str(COMING_IN)}
    limits = allowed | dict.fromkeys(("VOC_INGEST_HEAD_SECONDS", "VOC_INGEST_BODY_SECONDS"), str(PATIENCE_SECONDS))
    with open_door(kafka.address, postgres_url, workshop, **limits) as door:
        assert door.service.process is not None
        process = psutil.Process(door.service.process.pid)
        for body, media in requests():
            door.post(body, content_type=media)
        before = most = process.memory_info().rss
        kafka.freeze()
        try:
            with Crowd(door) as crowd:
                until = time.monotonic() + 8  # twice as long as an acknowledgement is waited for
                while time.monotonic() < until:
                    most = max(most, process.memory_info().rss)
                    time.sleep(0.02)
        finally:
            kafka.thaw()
        assert most - before < BOUND
        assert crowd.answers[503]
        assert set(crowd.answers) <= {503, 422}
        told = door.service.get("/metrics").text
        limited = [f'requests_unavailable_total{{reason="{reason}"}}' in told for reason in ("full", "long-bodies")]
        assert any(limited), "the limit was reached"
        eventually(lambda: door.post(event()).status_code == 202, within=30, what=door.service.tail)
