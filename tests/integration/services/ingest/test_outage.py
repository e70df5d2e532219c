"""Kafka and PostgreSQL away, before and while the door is open: it says so, in time, and comes back by itself."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic

import deploy.local.kafka
import deploy.local.postgres
from deploy.local import port as ports
from deploy.local.server import Server
from shared.kafka.topics import EVENTS
from tests.integration.services.ingest.door import Door, Written, event, open_door
from tests.processes import Service, eventually

PROMISED_SECONDS = 5.0


@pytest.fixture(scope="module")
def kafka(workshop: Path) -> Iterator[Server]:
    """A broker that may be harmed."""
    server = deploy.local.kafka.start(workshop / "door-kafka")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def postgres(workshop: Path) -> Iterator[Server]:
    """A database that may be harmed."""
    server = deploy.local.postgres.start(workshop / "door-postgres")
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def fragile_door(kafka: Server, postgres: Server, workshop: Path) -> Iterator[Door]:
    with open_door(kafka.address, postgres.address, workshop) as opened:
        yield opened


def refused_in_time(door: Door) -> bool:
    """Whether an event is answered by 503; fails if that takes longer than promised."""
    began_at = time.monotonic()
    answer = door.post(event())
    assert time.monotonic() - began_at < PROMISED_SECONDS
    if answer.status_code != 503:
        return False
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["content-type"] == "application/problem+json"
    return True


def test_kafka_hangs_and_comes_back(fragile_door: Door, kafka: Server) -> None:
    written = Written(kafka.address, EVENTS.name)
    assert fragile_door.post(event(id="before")).status_code == 202
    kafka.freeze()
    try:
        assert refused_in_time(fragile_door)
        eventually(lambda: refused_in_time(fragile_door), within=10)
        ready = fragile_door.service.get("/readyz")
        assert ready.status_code == 503
        assert "voc.events" in ready.json()["checks"]["kafka"]
        began_at = time.monotonic()
        refused = fragile_door.post(event(id=None))
        assert refused.status_code == 422
        assert time.monotonic() - began_at < PROMISED_SECONDS
    finally:
        kafka.thaw()
    eventually(
        lambda: fragile_door.post(event(id="after")).status_code == 202, within=20, what=fragile_door.service.tail
    )
    fragile_door.service.ready(within=20)
    ids = [event_id for event_id in ("before", "after") if any(event_id.encode() in r.value for r in written.records())]
    assert ids == ["before", "after"]


def test_nothing_that_got_a_202_is_lost_while_kafka_is_killed(fragile_door: Door, kafka: Server) -> None:
    written = Written(kafka.address, EVENTS.name)
    taken: list[str] = []
    going_on = True

    def send() -> None:
        while going_on:
            events = [event(subject=f"crm:{n}") for n in range(20)]
            try:
                if fragile_door.post(events).status_code == 202:
                    taken.extend(one["id"] for one in events)
            except httpx.TimeoutException:
                continue

    sender = Thread(target=send)
    sender.start()
    try:
        eventually(lambda: taken, within=10)
        kafka.kill()
        so_far = len(taken)
        kafka.restart()
        eventually(lambda: len(taken) > so_far + 20, within=60, what=fragile_door.service.tail)
    finally:
        going_on = False
        sender.join()
    kept = b"".join(record.value for record in written.records())
    assert [event_id for event_id in taken if event_id.encode() not in kept] == []


def test_a_door_that_was_frozen_goes_on(fragile_door: Door) -> None:
    fragile_door.service.signal(signal.SIGSTOP)
    sender = Thread(target=lambda: fragile_door.post([event(subject=f"crm:{n}") for n in range(50)]))
    sender.start()
    time.sleep(5.5)  # longer than an acknowledgement is waited for
    fragile_door.service.signal(signal.SIGCONT)
    sender.join()
    eventually(lambda: fragile_door.post(event()).status_code == 202, within=10, what=fragile_door.service.tail)


def test_a_database_that_is_away_does_not_close_the_door(fragile_door: Door, postgres: Server) -> None:
    assert fragile_door.post(event()).status_code == 202
    for away, back, answers in (
        (postgres.freeze, postgres.thaw, {401, 503}),  # only its parent is frozen: a session that is open may answer
        (postgres.stop, postgres.restart, {503}),
    ):
        away()
        try:
            until = time.monotonic() + 7  # longer than keys are thought fresh
            while time.monotonic() < until:
                assert fragile_door.post(event()).status_code == 202
                time.sleep(0.2)
            began_at = time.monotonic()
            unknown = fragile_door.post(event(), authorization="Bearer voc_unknown")
            assert unknown.status_code in answers, "while nobody knows whether a key holds, none is refused for good"
            assert (unknown.headers.get("retry-after") == "2") is (unknown.status_code == 503)
            assert time.monotonic() - began_at < PROMISED_SECONDS
            assert fragile_door.service.get("/readyz").status_code == 200
        finally:
            back()
    key = fragile_door.new_key("ingest")
    eventually(lambda: fragile_door.post(event(), authorization=f"Bearer {key}").status_code == 202, within=15)


def test_a_door_that_opens_before_kafka_and_postgresql_are_there_says_so_and_waits(workshop: Path) -> None:
    kafka_port, postgres_port = ports.free(), ports.free()
    home = workshop / "door-later"
    service = Service(
        "ingest",
        workshop,
        VOC_KAFKA_BOOTSTRAP_SERVERS=f"127.0.0.1:{kafka_port}",
        VOC_DATABASE_URL=f"postgresql://voc:wrong@127.0.0.1:{postgres_port}/voc",
    )
    kafka = None
    service.start()
    try:
        eventually(lambda: service.get("/healthz").status_code == 200, within=20, what=service.tail)
        ready = service.get("/readyz")
        assert ready.status_code == 503
        assert set(ready.json()["checks"]) == {"kafka", "keys", "privacy"}
        answer = httpx.post(f"{service.url}/v1/events", content=b"{}", headers={"authorization": "Bearer voc_any"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "keys" in answer.json()["detail"]
        kafka = deploy.local.kafka.start(home, port=kafka_port)
        eventually(lambda: service.get("/readyz").json()["checks"]["kafka"] == "ok", within=30, what=service.tail)
    finally:
        service.stop()
        if kafka is not None:
            kafka.stop()


def test_no_more_waits_for_kafka_than_may(kafka: Server, postgres: Server, workshop: Path) -> None:
    with open_door(kafka.address, postgres.address, workshop, VOC_INGEST_WAITING_BYTES="2000000") as door:
        heavy = event(data={"action": "placed", "of-our-own": "x" * 900_000})
        answers: list[httpx.Response] = []
        kafka.freeze()
        try:
            senders = [
                Thread(
                    target=lambda: answers.append(
                        httpx.post(
                            f"{door.service.url}/v1/events",
                            json=heavy,
                            timeout=15,
                            headers={"authorization": f"Bearer {door.key}"},
                        )
                    )
                )
                for _ in range(8)
            ]
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()
        finally:
            kafka.thaw()
        assert {answer.status_code for answer in answers} == {503}
        assert any("As much waits" in answer.json()["detail"] for answer in answers)
        eventually(lambda: door.post(event()).status_code == 202, within=20)


def test_partitions_that_are_added_are_used(fragile_door: Door, kafka: Server) -> None:
    asyncio.run(administer(kafka, lambda admin: admin.create_partitions({EVENTS.name: NewPartitions(6)})))
    written = Written(kafka.address, EVENTS.name)

    def used() -> set[int]:
        assert fragile_door.post([event(subject=f"crm:{n}") for n in range(100)]).status_code == 202
        return {record.partition for record in written.records()}

    eventually(lambda: used() == set(range(6)), within=30)


def test_a_topic_that_is_made_again_is_written_again(fragile_door: Door, kafka: Server) -> None:
    asyncio.run(administer(kafka, lambda admin: admin.delete_topics([EVENTS.name])))
    eventually(lambda: refused_in_time(fragile_door), within=30)
    asyncio.run(administer(kafka, lambda admin: admin.create_topics([NewTopic(EVENTS.name, 2, 1)])))
    sent = [event(subject=f"crm:{n}") for n in range(20)]
    eventually(lambda: fragile_door.post(sent).status_code == 202, within=30, what=fragile_door.service.tail)
    fragile_door.service.ready(within=20)
    assert fragile_door.service.process is not None
    assert fragile_door.service.process.poll() is None


async def administer(kafka: Server, action: Callable[[Any], Awaitable[object]]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.address)
    await admin.start()
    try:
        await action(admin)
    finally:
        await admin.close()
