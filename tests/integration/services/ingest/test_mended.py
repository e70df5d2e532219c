"""A source's map is wrong: its deliveries wait, the admin is told once, the map is mended, they are replayed, and the
same people hear that it is well."""

import asyncio
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from shared.kafka.topics import EVENTS
from shared.programme.source import Signature, Source
from tests.foreign import ForeignTopic
from tests.inbox import Inbox
from tests.integration.services.ingest.door import Door, Written, open_door
from tests.parts import kafka_address
from tests.processes import Service, eventually, running
from tests.road import apply_programme, execute, fetch
from tests.telling import OWNERS, alerts

SECRET = "the right secret"
BROKEN = "{id: id, type: 'voc.outcome', subject: who, data: {kind: sort}}"
MENDED = "{id: id, type: 'voc.outcome', subject: who, data: {kind: kind}}"
CRM = Source(
    source="crm",
    provider="generic",
    secret=("env:TEST_RIGHT",),
    signature=Signature(header="x-signature", signed="{body}"),
    map="crm.jmespath",
    mapping=BROKEN,
)
ORDERS = Source(source="orders", topic="shop.orders", map="orders.jmespath", mapping=BROKEN)
IN_A_ROW = 5
SHOP = replace(CRM, source="shop", secret=("env:TEST_WRONG",), mapping=MENDED)


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    """A broker whose quarantine holds nothing but this module's."""
    with kafka_address(workshop / "mended-kafka") as address:
        yield address


@pytest.fixture(scope="module")
def door(own_kafka: str, database_url: str, workshop: Path) -> Iterator[Door]:
    settings = {"TEST_RIGHT": SECRET, "TEST_WRONG": "another", "VOC_INGEST_BRIDGE_IN_A_ROW": str(IN_A_ROW)}
    with open_door(own_kafka, database_url, workshop, **settings) as opened:
        asyncio.run(apply_programme(database_url, replace(OWNERS, sources=(CRM, SHOP))))
        eventually(lambda: opened.client.get("/v1/webhooks/crm").status_code == 200, within=10)
        yield opened


@pytest.fixture(scope="module")
def inbox(workshop: Path) -> Iterator[Inbox]:
    folder = workshop / "mended-inbox"
    folder.mkdir()
    inbox = Inbox(folder).start()
    yield inbox
    inbox.stop()


@pytest.fixture(scope="module")
def telling(own_kafka: str, database_url: str, inbox: Inbox, workshop: Path, door: Door) -> Iterator[Service]:
    service = alerts(workshop, inbox, kafka=own_kafka, database=database_url)
    with running(service):
        yield service


class Admin:
    """Whoever mends and replays."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._headers = {"authorization": f"Bearer {door.new_key('admin')}"}

    def waiting(self, source: str) -> list[dict[str, Any]]:
        words = {"source": source, "state": "waiting"}
        answer = self._door.client.get("/v1/quarantine", params=words, headers=self._headers)
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def replay(self, source: str, *, dry: bool) -> dict[str, Any]:
        selection = {"filter": {"source": source}, "dry_run": dry}
        answer = self._door.client.post("/v1/quarantine/replay", json=selection, headers=self._headers)
        found: dict[str, Any] = answer.json()
        return found


def deliver(door: Door, source: str, number: int) -> httpx.Response:
    body = msgspec.json.encode({"id": f"{source}-{number}", "who": "crm:1", "kind": "churned"})
    signature = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    return door.client.post(f"/v1/webhooks/{source}", content=body, headers={"x-signature": signature})


def test_what_a_wrong_map_refused_is_told_replayed_and_over(
    door: Door, database_url: str, inbox: Inbox, telling: Service
) -> None:
    admin, written = Admin(door), Written(door.kafka, EVENTS.name)
    inbox.well()
    for number in range(12):
        assert deliver(door, "crm", number).status_code == 202
        deliver(door, "crm", number)  # its sender repeats it
    eventually(lambda: len(admin.waiting("crm")) == 12, within=20)
    assert {one["kind"] for one in admin.waiting("crm")} == {"unmapped"}

    eventually(lambda: len(inbox.messages()) == 1, within=30, what=telling.tail)
    (begun,) = inbox.messages()
    assert begun["to"] == "#operations"
    assert "Much of what a source sends is refused: crm" in begun["text"]
    assert "24 of 24 deliveries of crm were refused in 15 minutes" in begun["text"]
    assert "data.kind" in begun["text"]

    still = admin.replay("crm", dry=True)
    assert (still["went"], len(still["refused"])) == (0, 12)
    asyncio.run(apply_programme(database_url, replace(OWNERS, sources=(replace(CRM, mapping=MENDED), SHOP))))
    eventually(lambda: admin.replay("crm", dry=True)["went"] == 12, within=10)
    assert written.records() == []
    assert admin.replay("crm", dry=False)["went"] == 12
    assert admin.replay("crm", dry=False)["went"] == 0
    ids = sorted(msgspec.json.decode(record.value)["id"] for record in written.records())
    assert ids == sorted(f"crm-{number}" for number in range(12))
    assert deliver(door, "crm", 12).json() == {"accepted": 1}
    eventually(lambda: bool(taken(database_url)), within=20)

    asyncio.run(execute(database_url, "update ingest.traffic set refused = 0"))  # as after an hour
    eventually(lambda: len(inbox.messages()) == 2, within=30, what=telling.tail)
    over = inbox.messages()[1]
    assert over["thread"] == begun["thread"]
    assert "crm is well again: 1 came and were taken in the last hour" in over["text"]


def taken(database_url: str) -> int:
    rows = asyncio.run(fetch(database_url, "select sum(taken) as n from ingest.traffic where source = 'crm'"))
    return int(rows[0]["n"])


def test_what_was_refused_for_a_wrong_secret_of_ours_is_proven_by_the_right_one(door: Door, database_url: str) -> None:
    admin, written = Admin(door), Written(door.kafka, EVENTS.name)
    assert deliver(door, "shop", 1).status_code == 401
    eventually(lambda: len(admin.waiting("shop")) == 1, within=20)
    (refused,) = admin.replay("shop", dry=False)["refused"]
    assert "its sender is still not proven" in refused["problems"][0]["message"]
    mended = replace(SHOP, secret=("env:TEST_RIGHT",))
    asyncio.run(apply_programme(database_url, replace(OWNERS, sources=(replace(CRM, mapping=MENDED), mended))))
    eventually(lambda: admin.replay("shop", dry=True)["went"] == 1, within=10)
    assert admin.replay("shop", dry=False)["events"] == 1
    (record,) = written.records()
    assert msgspec.json.decode(record.value)["source"] == "shop"


def test_a_topic_that_was_stopped_is_told_read_on_and_what_was_set_aside_replayed(
    door: Door, database_url: str, inbox: Inbox, telling: Service
) -> None:
    admin, written, topic = Admin(door), Written(door.kafka, EVENTS.name), ForeignTopic(door.kafka, "shop.orders")
    inbox.well()
    rows = [{"id": f"o-{number}", "who": "crm:1", "kind": "churned"} for number in range(8)]
    asyncio.run(topic.make())
    asyncio.run(topic.write(rows))
    asyncio.run(apply_programme(database_url, replace(OWNERS, sources=(ORDERS,))))
    eventually(lambda: len(inbox.messages()) == 1, within=40, what=lambda: door.service.tail() + telling.tail())
    (begun,) = inbox.messages()
    assert "A source's topic is not read any more: orders" in begun["text"]
    assert f"{IN_A_ROW} records in a row make no event" in begun["text"]
    eventually(lambda: len(admin.waiting("orders")) == IN_A_ROW - 1, within=20)

    asyncio.run(apply_programme(database_url, replace(OWNERS, sources=(replace(ORDERS, mapping=MENDED),))))
    eventually(lambda: len(written.records()) == len(rows) - (IN_A_ROW - 1), within=30, what=door.service.tail)
    assert admin.replay("orders", dry=False)["went"] == IN_A_ROW - 1
    ids = sorted(msgspec.json.decode(record.value)["id"] for record in written.records())
    assert ids == sorted(row["id"] for row in rows)
    eventually(lambda: len(inbox.messages()) == 2, within=30, what=telling.tail)
    over = inbox.messages()[1]
    assert over["thread"] == begun["thread"]
    assert "The topic shop.orders is read on" in over["text"]
