"""What scoring tells becomes messages to owners: once each, in threads, and again when it is over."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from services.alerts.domain.asked import Cursor, written
from tests import letters, road
from tests.inbox import Inbox
from tests.keys import make_key
from tests.parts import kafka_address
from tests.processes import Service
from tests.telling import OWNERS, alerts, tell


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    """A broker whose topics hold nothing but this module's."""
    with kafka_address(workshop / "alerts-road") as address:
        yield address


@pytest.fixture(scope="module")
def inbox(workshop: Path) -> Iterator[Inbox]:
    folder = workshop / "alerts-road-inbox"
    folder.mkdir()
    inbox = Inbox(folder).start()
    yield inbox
    inbox.stop()


@pytest.fixture(scope="module")
async def service(own_kafka: str, database_url: str, inbox: Inbox, workshop: Path) -> AsyncIterator[Service]:
    await road.apply_programme(database_url, OWNERS)
    short = {"VOC_ALERTS_LEASE_SECONDS": "5", "VOC_ALERTS_SEND_SECONDS": "3"}
    service = alerts(workshop, inbox, kafka=own_kafka, database=database_url, **short)
    await asyncio.to_thread(service.start)
    await asyncio.to_thread(service.ready)
    yield service
    await asyncio.to_thread(service.stop)


async def received(inbox: Inbox, count: int, service: Service) -> list[dict[str, Any]]:
    """So many messages, once they are there; and no more of them come for a while."""

    async def there() -> bool:
        return len(inbox.messages()) >= count

    await road.until(there, within=30, what=lambda: f"{inbox.messages()}\n{service.tail()}")
    await asyncio.sleep(1.5)
    found = inbox.messages()
    assert len(found) == count, found
    return found


def moment(touchpoint: str, template: Any) -> Any:
    return replace(template, touchpoint=touchpoint)


async def test_a_red_is_told_once_in_both_ways_and_so_is_its_recovery(
    own_kafka: str, inbox: Inbox, service: Service, database_url: str
) -> None:
    inbox.well()
    await tell(own_kafka, moment("arrives", letters.MOMENT))
    red = await received(inbox, 2, service)
    assert sorted((one["kind"], one["to"]) for one in red) == [
        ("email", "delivery@example.com"),
        ("slack", "#delivery"),
    ]
    await tell(own_kafka, moment("arrives", letters.GREEN_NOW))
    both = await received(inbox, 4, service)
    slack = [one for one in both if one["kind"] == "slack"]
    mails = [one for one in both if one["kind"] == "email"]
    assert len({one["thread"] for one in slack}) == 1  # the reply is in the first one's thread
    assert len({one["thread"] for one in mails}) == 1
    key = await make_key(database_url, "alerts")
    headers = {"Authorization": f"Bearer {key}"}
    page = service.get("/v1/episodes?touchpoint=arrives", headers=headers).json()
    (episode,) = page["items"]
    assert (episode["status"], episode["closed_because"], page["next"]) == ("yellow", "recovered", None)
    states = {one["state"] for one in episode["deliveries"]}
    assert states <= {"delivered", "overtaken"}
    one = service.get(f"/v1/episodes/{episode['id']}", headers=headers).json()
    assert one["evidence"]["touchpoint"] == "arrives"


async def test_what_is_told_twice_is_said_once(own_kafka: str, inbox: Inbox, service: Service) -> None:
    inbox.well()
    red = moment("twice", letters.MOMENT)
    await tell(own_kafka, red, red, red)
    await received(inbox, 2, service)


async def test_worse_is_said_in_the_thread(own_kafka: str, inbox: Inbox, service: Service) -> None:
    inbox.well()
    await tell(own_kafka, moment("worse", letters.MOMENT))
    await received(inbox, 2, service)
    await tell(own_kafka, moment("worse", letters.WORSE_NOW))
    found = [one for one in await received(inbox, 4, service) if one["kind"] == "slack"]
    assert len({one["thread"] for one in found}) == 1


async def test_a_case_goes_to_its_owner_once(own_kafka: str, inbox: Inbox, service: Service) -> None:
    inbox.well()
    case = replace(letters.CASE, case="case-of-the-road", owner="care")
    await tell(own_kafka, case, case)
    (found,) = await received(inbox, 1, service)
    assert (found["kind"], found["to"]) == ("slack", "#care")
    assert letters.CASE.customer in found["text"]


async def test_the_admin_hears_of_troubles(own_kafka: str, inbox: Inbox, service: Service) -> None:
    inbox.well()
    await tell(own_kafka, letters.HELD, replace(letters.HELD, over=True))
    found = await received(inbox, 2, service)
    assert {one["to"] for one in found} == {"#operations"}


async def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(
    own_kafka: str, inbox: Inbox, service: Service
) -> None:
    from aiokafka import AIOKafkaProducer

    inbox.well()
    producer = AIOKafkaProducer(bootstrap_servers=own_kafka)
    await producer.start()
    for value in (b"no event", b"[" * 100_000):
        await producer.send_and_wait("voc.moments", value, b"x")
    await producer.stop()
    await tell(own_kafka, moment("after-the-bad-one", letters.MOMENT))
    await received(inbox, 2, service)


async def test_slack_away_then_slow_then_429_is_told_once_when_it_is_back(
    own_kafka: str, inbox: Inbox, service: Service
) -> None:
    for mood in ({"answer": "away"}, {"answer": "500"}, {"answer": "429", "retry_after": 2, "times": 1}):
        inbox.well()
        inbox.tell("slack", **mood)
        name = f"outage-{mood['answer']}"
        await tell(own_kafka, moment(name, letters.MOMENT))
        await asyncio.sleep(3)
        inbox.http.delete("/stand-in").raise_for_status()
        found = await received(inbox, 2, service)
        assert sorted(one["kind"] for one in found) == ["email", "slack"], mood


async def test_half_an_answer_is_looked_for_and_not_said_twice(own_kafka: str, inbox: Inbox, service: Service) -> None:
    inbox.well()
    inbox.tell("slack", answer="half", kept=True, times=1)
    await tell(own_kafka, moment("half", letters.MOMENT))
    await asyncio.sleep(8)  # an unclear message is looked for after five seconds
    await received(inbox, 2, service)


async def test_a_red_that_is_over_before_slack_is_back_is_told_in_one_message(
    own_kafka: str, inbox: Inbox, service: Service
) -> None:
    inbox.well()
    inbox.tell("slack", answer="away")
    await tell(own_kafka, moment("over", letters.MOMENT))
    await asyncio.sleep(2)
    await tell(own_kafka, moment("over", letters.GREEN_NOW))
    await asyncio.sleep(2)
    inbox.http.delete("/stand-in").raise_for_status()
    found = await received(inbox, 3, service)  # two mails: of the red, and of its end
    assert len([one for one in found if one["kind"] == "slack"]) == 1


async def test_the_api_wants_a_key_and_says_what_it_does_not_understand(service: Service, database_url: str) -> None:
    assert service.get("/v1/episodes").status_code == 401
    key = await make_key(database_url, "alerts")
    headers = {"Authorization": f"Bearer {key}"}
    beyond, odd = written(Cursor("", str(2**63))), written(Cursor("2026-11-25T14:05:00", "x"))
    made_up = (f"/v1/deliveries?cursor={beyond}", f"/v1/episodes?cursor={odd}", "/v1/cases?customer=%00")
    for path in (
        *made_up,
        "/v1/episodes?limit=0",
        "/v1/episodes?open=maybe",
        "/v1/cases?cursor=x",
        "/v1/deliveries?cursor=x",
    ):
        assert service.get(path, headers=headers).status_code == 422, path
    assert service.get("/v1/episodes/nonsense", headers=headers).status_code == 404
    page = service.get("/v1/deliveries?limit=1&state=delivered", headers=headers).json()
    again = service.get(f"/v1/deliveries?limit=1&state=delivered&cursor={page['next']}", headers=headers).json()
    assert page["items"][0]["id"] != again["items"][0]["id"]
    assert page["items"][0]["attempts"]
