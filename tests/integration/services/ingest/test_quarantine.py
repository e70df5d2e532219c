"""What was refused is kept, once a thing, can be looked at, and is replayed when its cause is gone."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from shared.events.set_aside import Door as ByDoor
from shared.events.set_aside import Kind
from shared.kafka.quarantine import headers_of
from shared.kafka.topics import EVENTS, QUARANTINE
from tests.integration.services.ingest.door import Door, Written, event, open_door
from tests.parts import kafka_address
from tests.processes import eventually
from tests.road import execute


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    """A broker whose quarantine holds nothing but this module's."""
    with kafka_address(workshop / "quarantine-kafka") as address:
        yield address


@pytest.fixture(scope="module")
def door(own_kafka: str, database_url: str, workshop: Path) -> Iterator[Door]:
    with open_door(own_kafka, database_url, workshop) as opened:
        yield opened


class Desk:
    """The quarantine as an admin sees it."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._headers = {"authorization": f"Bearer {door.new_key('admin')}"}

    def get(self, path: str = "", **words: str) -> Any:
        answer = self._door.client.get(f"/v1/quarantine{path}", params=words, headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, what: str, **selection: Any) -> httpx.Response:
        return self._door.client.post(f"/v1/quarantine/{what}", json=selection, headers=self._headers)

    def replay(self, **selection: Any) -> Any:
        answer = self.post("replay", **selection)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, source: str, count: int, **words: str) -> list[dict[str, Any]]:
        """Of this source, the newest first, once there are so many."""
        eventually(lambda: len(self.get(source=source, **words)["items"]) == count, within=20)
        found: list[dict[str, Any]] = self.get(source=source, **words)["items"]
        return found


@pytest.fixture(scope="module")
def desk(door: Door) -> Desk:
    return Desk(door)


def set_aside(door: Door, value: bytes, *, source: str, by: ByDoor, kind: Kind, origin: str) -> None:
    """Write to the quarantine as another service does."""

    async def write() -> None:
        named = headers_of(reason="why", origin=origin, first_seen=datetime.now(UTC), door=by, kind=kind)
        async with AIOKafkaProducer(bootstrap_servers=door.kafka) as producer:
            headers = [(name, text.encode()) for name, text in named.items()]
            await producer.send_and_wait(QUARANTINE.name, value, source.encode(), headers=headers)

    asyncio.run(write())


def test_what_was_refused_can_be_looked_at(door: Door, desk: Desk) -> None:
    wrong = event(source="looked-at", type="voc.feedback", data={"answers": [{"metric": "nps", "score": 11}]})
    before = datetime.now(UTC)
    door.post(wrong)
    (item,) = desk.items("looked-at", 1)
    assert (item["door"], item["kind"], item["state"], item["times"]) == ("events", "invalid", "waiting", 1)
    assert (item["origin"], item["authentic"], item["refusal"]) == ("POST /v1/events", True, None)
    assert before <= datetime.fromisoformat(item["first_seen"]) <= datetime.now(UTC)
    whole = desk.get(f"/{item['id']}")
    assert (whole["text"], whole["base64"]) == (msgspec.json.encode(wrong).decode(), None)
    assert [one["path"] for one in whole["problems"]] == ["data.answers[0].score"]


def test_bytes_that_are_no_text_are_told_in_base64(door: Door, desk: Desk) -> None:
    door.post(b"\xff\xfe\x00")
    eventually(lambda: desk.get(source="", reason="malformed")["items"], within=20)
    (item,) = desk.get(source="", reason="malformed")["items"]
    assert desk.get(f"/{item['id']}")["base64"] == "//4A"


def test_a_sender_who_repeats_the_same_bytes_is_counted_and_not_kept_again(door: Door, desk: Desk) -> None:
    wrong = event(source="stubborn", id="same", data=None)
    for _ in range(3):
        door.post(wrong)
    door.post(event(source="stubborn", id="another", data=None))
    eventually(lambda: sum(one["times"] for one in desk.items("stubborn", 2)) == 4, within=20)
    assert [one["times"] for one in desk.items("stubborn", 2)] == [1, 3]


def test_what_scoring_could_not_fold_is_published_again_and_once(door: Door, desk: Desk) -> None:
    good = msgspec.json.encode(event(source="poison", id="p1"))
    set_aside(door, good, source="poison", by="scoring", kind="poison", origin="voc.events[0]@7")
    (item,) = desk.items("poison", 1)
    written = Written(door.kafka, EVENTS.name)
    tried = desk.replay(ids=[item["id"]], dry_run=True)
    assert (tried["went"], tried["events"], tried["dry_run"]) == (1, 1, True)
    assert written.records() == []
    done = desk.replay(filter={"source": "poison"})
    assert (done["went"], done["refused"], done["next"], done["left"]) == (1, [], None, 0)
    assert [record.value for record in written.records()] == [good]
    again = desk.replay(ids=[item["id"]])
    assert (again["went"], again["settled"]) == (0, 1)
    assert desk.replay(filter={"source": "poison"})["went"] == 0
    assert len(written.records()) == 1
    assert desk.items("poison", 1)[0]["state"] == "replayed"
    # Folded in vain once more, it waits again.
    set_aside(door, good, source="poison", by="scoring", kind="poison", origin="voc.events[0]@8")
    (item,) = desk.items("poison", 1, state="waiting")
    assert item["times"] == 2


def test_what_is_refused_again_waits_on_and_says_why(door: Door, desk: Desk) -> None:
    door.post(event(source="hopeless", type="voc.unheard-of"))
    set_aside(door, b"{}", source="hopeless", by="alerts", kind="unreadable", origin="voc.moments[0]@3")
    set_aside(door, b"[", source="hopeless", by="scoring", kind="too-large", origin="scoring.outbox 3")
    newest = desk.items("hopeless", 3)
    done = desk.replay(filter={"source": "hopeless"})
    assert (done["went"], done["events"]) == (0, 0)
    said = {one["id"]: one["problems"][0]["message"] for one in done["refused"]}
    cut, unreadable, unheard = (said[one["id"]] for one in newest)
    assert "only its beginning" in cut
    assert "bring alerts to the release of scoring" in unreadable
    assert "voc.interaction" in unheard
    assert {one["state"] for one in desk.items("hopeless", 3)} == {"waiting"}
    assert all(one["refusal"] and one["tried_at"] for one in desk.items("hopeless", 3))


def test_a_dismissed_one_is_left_until_it_is_asked_for_by_its_id(door: Door, desk: Desk) -> None:
    good = msgspec.json.encode(event(source="dismissed", id="d1"))
    set_aside(door, good, source="dismissed", by="scoring", kind="poison", origin="voc.events[0]@9")
    (item,) = desk.items("dismissed", 1)
    assert desk.post("dismiss", filter={"source": "dismissed"}, dry_run=True).json()["dismissed"] == 1
    assert desk.post("dismiss", filter={"source": "dismissed"}).json() == {"dry_run": False, "dismissed": 1}
    assert desk.replay(filter={"source": "dismissed"})["went"] == 0
    set_aside(door, good, source="dismissed", by="scoring", kind="poison", origin="voc.events[0]@10")
    eventually(lambda: desk.items("dismissed", 1)[0]["times"] == 2, within=20)
    assert desk.items("dismissed", 1)[0]["state"] == "dismissed"
    assert desk.replay(ids=[item["id"]])["went"] == 1


def test_many_go_in_chunks_and_what_another_one_has_is_left_to_him(door: Door, desk: Desk, database_url: str) -> None:
    async def write() -> None:
        named = headers_of(
            reason="r", origin="voc.events[0]@1", first_seen=datetime.now(UTC), door="scoring", kind="poison"
        )
        headers = [(name, text.encode()) for name, text in named.items()]
        async with AIOKafkaProducer(bootstrap_servers=door.kafka, linger_ms=5) as producer:
            for number in range(250):
                value = msgspec.json.encode(event(source="many", id=f"m{number}"))
                await producer.send(QUARANTINE.name, value, b"many", headers=headers)

    asyncio.run(write())
    eventually(lambda: len(desk.get(source="many", limit="500")["items"]) == 250, within=30)
    asyncio.run(
        execute(
            database_url,
            "update ingest.quarantine set leased_until = now() + interval '1 hour' where id in"
            " (select id from ingest.quarantine where source = 'many' order by id limit 5)",
        )
    )
    written = Written(door.kafka, EVENTS.name)
    went, busy, cursor, chunks = 0, 0, None, 0
    while True:
        done = desk.replay(filter={"source": "many"}, cursor=cursor)
        went, busy, chunks, cursor = went + done["went"], busy + done["busy"], chunks + 1, done["next"]
        if cursor is None:
            break
    assert (went, busy, chunks) == (245, 5, 3)
    ids = {msgspec.json.decode(record.value)["id"] for record in written.records()}
    assert len(ids) == len(written.records()) == 245
    asyncio.run(execute(database_url, "update ingest.quarantine set leased_until = now() - interval '1 second'"))
    assert desk.replay(filter={"source": "many"})["went"] == 5, "what a dead one had is free again"
    page = desk.get(source="many", limit="200")
    rest = desk.get(source="many", limit="200", cursor=page["next"])
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (200, 50, None)


def test_the_summary_counts_by_source_and_kind(door: Door, desk: Desk) -> None:
    door.post(event(source="summed", data=None))
    desk.items("summed", 1)
    found = desk.get("/summary")
    (group,) = [one for one in found["groups"] if one["source"] == "summed"]
    assert (group["door"], group["kind"], group["waiting"], group["times"]) == ("events", "invalid", 1, 1)
    assert found["waiting"] >= 1


@pytest.mark.parametrize(
    ("path", "words", "problem"),
    [
        ("", {"state": "gone"}, "query.state"),
        ("", {"door": "window"}, "query.door"),
        ("", {"since": "yesterday"}, "query.since"),
        ("", {"limit": "0"}, "query.limit"),
        ("", {"cursor": "x"}, "query.cursor"),
        ("", {"source": "a\0"}, "query.source"),
    ],
)
def test_what_is_asked_wrongly_is_told(door: Door, desk: Desk, path: str, words: dict[str, str], problem: str) -> None:
    answer = door.client.get(f"/v1/quarantine{path}", params=words, headers=desk._headers)
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["problems"]] == [problem]


@pytest.mark.parametrize(
    "selection",
    [
        {},
        {"ids": [1], "filter": {}},
        {"ids": [-1]},
        {"ids": list(range(1001))},
        {"filter": {"state": "replayed"}},
        {"filter": {"sauce": "x"}},
        {"filter": {"since": "2026-01-01T00:00:00"}},
        {"filter": {}, "cursor": "x"},
    ],
)
def test_a_selection_that_means_nothing_changes_nothing(desk: Desk, selection: dict[str, Any]) -> None:
    answer = desk.post("replay", **selection)
    assert answer.status_code == 422, answer.text
    assert answer.json()["problems"]


def test_only_an_admin_may(door: Door, desk: Desk) -> None:
    for key, status in ((door.key, 403), (door.new_key("read"), 403), ("voc_nobody", 401)):
        headers = {"authorization": f"Bearer {key}"}
        assert door.client.get("/v1/quarantine", headers=headers).status_code == status
        big = b"x" * 200_000
        assert door.client.post("/v1/quarantine/replay", content=big, headers=headers).status_code == status
    assert door.client.post("/v1/quarantine/replay", content=b"x" * 200_000, headers=desk._headers).status_code == 413
    assert door.client.get("/v1/quarantine/999999", headers=desk._headers).status_code == 404
    assert door.client.get("/v1/quarantine/nothing", headers=desk._headers).status_code == 404
