"""What thin deliveries announce is fetched, once, also when the API is in a bad mood or the process dies."""

import asyncio
import hmac
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from shared.kafka.topics import EVENTS, QUARANTINE
from shared.programme.model import Programme
from shared.programme.source import Api, Question, Source
from tests.integration.services.ingest.door import Door, Written, open_door
from tests.integration.services.ingest.survey_api import TOKEN, SurveyApi, survey_api
from tests.processes import eventually
from tests.programmes import DELIVERY
from tests.road import apply_programme, execute, fetch

SECRET = "s3cret"


@pytest.fixture(scope="module")
def api() -> Iterator[SurveyApi]:
    with survey_api() as served:
        yield served


@pytest.fixture(scope="module")
def door(kafka_bootstrap: str, database_url: str, workshop: Path, api: SurveyApi) -> Iterator[Door]:
    settings = {"TEST_SECRET": SECRET, "TEST_TOKEN": TOKEN, "TEST_WRONG": "another", "TEST_ODD": "tök\n"}
    with open_door(kafka_bootstrap, database_url, workshop, **settings) as opened:
        tokens = {"survey": "TEST_TOKEN", "let-in-by-nobody": "TEST_WRONG", "odd-token": "TEST_ODD"}
        asyncio.run(_apply(database_url, *(_source(api, name, f"env:{token}") for name, token in tokens.items())))
        eventually(lambda: opened.client.head("/v1/webhooks/survey").status_code == 200, within=10)
        yield opened


def _source(api: SurveyApi, name: str, token: str) -> Source:
    return Source(
        source=name,
        provider="surveymonkey",
        secret=("env:TEST_SECRET",),
        options={"client_id": "cid"},
        questions={"q1": Question(metric="nps")},
        subject="custom_variables.customer",
        api=Api(url=api.url, token=token),
    )


async def _apply(database_url: str, *sources: Source) -> None:
    await apply_programme(database_url, Programme(name="Shop", timezone="UTC", journeys=(DELIVERY,), sources=sources))


def has(api: SurveyApi, response: str, score: str) -> None:
    """Let the API have this response to survey 51."""
    api.has["/v3/surveys/51/details"] = {
        "pages": [{"questions": [{"answers": {"choices": [{"id": "c", "text": "7"}]}}]}]
    }
    api.has[f"/v3/surveys/51/responses/{response}/details"] = {
        "id": response,
        "survey_id": "51",
        "date_created": "2026-03-02T09:16:20+00:00",
        "response_status": "completed",
        "custom_variables": {"customer": "c-1001"},
        "pages": [{"questions": [{"id": "q1", "answers": [{"choice_id": score}]}]}],
    }


def notify(door: Door, response: str, source: str = "survey") -> httpx.Response:
    """Tell the door that this response is complete, as SurveyMonkey does."""
    body = msgspec.json.encode(
        {
            "event_type": "response_completed",
            "event_id": f"e-{response}",
            "object_id": response,
            "event_datetime": "2026-03-02T09:16:20.482613+00:00",
            "resources": {"survey_id": "51"},
        }
    )
    signature = b64encode(hmac.new(f"cid&{SECRET}".encode(), body, "sha1").digest()).decode()
    return door.client.post(f"/v1/webhooks/{source}", content=body, headers={"sm-signature": signature})


def waiting(door: Door, response: str) -> Any:
    rows = asyncio.run(
        fetch(door.database_url, f"select * from ingest.notices where notice like 'response_completed/{response}/%'")
    )
    return rows[0]


def test_what_was_answered_is_fetched_through_all_moods(door: Door, api: SurveyApi) -> None:
    written = Written(door.kafka, EVENTS.name)
    has(api, "r1", "c")
    api.moods = [429, 500]
    answer = notify(door, "r1")
    assert (answer.status_code, answer.json()) == (200, {"accepted": 0, "to_be_fetched": 1})
    eventually(lambda: waiting(door, "r1")["ended_at"] is not None, within=30)
    (record,) = written.records()
    event = msgspec.json.decode(record.value)
    assert (event["id"], event["subject"]) == ("r1/2026-03-02T09:16:20+00:00", "c-1001")
    assert event["data"]["answers"] == [{"metric": "nps", "score": 7}]
    assert "unverified" not in event
    asked = len(api.asked)
    assert notify(door, "r1").status_code == 200
    assert waiting(door, "r1")["said"] is None, "what was said is forgotten"
    assert not written.records()[1:]
    assert len(api.asked) == asked, "a notice that is repeated is fetched once"


def test_what_cannot_be_there_is_set_aside(door: Door, api: SurveyApi) -> None:
    aside = Written(door.kafka, QUARANTINE.name)
    api.moods = [400]
    notify(door, "r2")
    eventually(lambda: waiting(door, "r2")["ended_at"] is not None, within=20)
    (kept,) = aside.records()
    headers = dict(kept.headers)
    assert headers["kind"] == b"unfetched"
    assert b"answered 400" in headers["reason"]
    assert msgspec.json.decode(kept.value)["object_id"] == "r2"
    has(api, "r2", "c")
    written = Written(door.kafka, EVENTS.name)
    admin = {"authorization": f"Bearer {door.new_key('admin')}"}
    eventually(lambda: door.client.get("/v1/quarantine", headers=admin).json()["items"], within=20)
    replayed = door.client.post("/v1/quarantine/replay", json={"filter": {"source": "survey"}}, headers=admin)
    assert (replayed.status_code, replayed.json()["went"]) == (200, 1)
    eventually(lambda: written.records(), within=20)  # begun anew


def test_what_was_fetched_and_makes_no_event_is_fetched_anew_by_a_replay(door: Door, api: SurveyApi) -> None:
    aside = Written(door.kafka, QUARANTINE.name)
    has(api, "r5", "no-such-choice")
    notify(door, "r5")
    eventually(lambda: waiting(door, "r5")["ended_at"] is not None, within=20)
    (kept,) = aside.records()
    assert dict(kept.headers)["kind"] == b"unmapped"
    has(api, "r5", "c")
    written = Written(door.kafka, EVENTS.name)
    admin = {"authorization": f"Bearer {door.new_key('admin')}"}
    chosen = {"filter": {"source": "survey", "reason": "unmapped"}}
    eventually(lambda: _went(door, admin, chosen) == 1, within=20)
    eventually(lambda: waiting(door, "r5")["ended_at"] is not None, within=20)
    (record,) = written.records()
    assert msgspec.json.decode(record.value)["data"]["response"] == "r5"
    assert waiting(door, "r5")["says"] == ""


def _went(door: Door, admin: dict[str, str], chosen: Any) -> Any:
    return door.client.post("/v1/quarantine/replay", json=chosen, headers=admin).json()["went"]


def test_what_no_header_can_carry_is_no_token_and_ends_nothing(door: Door, api: SurveyApi) -> None:
    notify(door, "r6", "odd-token")
    eventually(lambda: waiting(door, "r6")["says"] != "", within=20)
    assert "no header can carry" in waiting(door, "r6")["says"]
    assert b"/v1" not in waiting(door, "r6")["delivery"], "an address may hold a token"
    has(api, "r7", "c")
    notify(door, "r7")
    eventually(lambda: waiting(door, "r7")["ended_at"] is not None, within=20)


def test_an_api_that_does_not_let_us_in_is_asked_later_and_nothing_is_lost(door: Door, api: SurveyApi) -> None:
    has(api, "r3", "c")
    notify(door, "r3", "let-in-by-nobody")
    eventually(lambda: waiting(door, "r3")["says"] != "", within=20)
    row = waiting(door, "r3")
    assert row["ended_at"] is None
    assert "answered 401" in row["says"]
    assert TOKEN not in door.service.log.read_text()
    assert "another" not in row["says"]


def test_a_process_that_dies_over_it_loses_nothing(door: Door, api: SurveyApi) -> None:
    written = Written(door.kafka, EVENTS.name)
    notify(door, "r4")
    eventually(lambda: waiting(door, "r4")["tries"] > 0, within=20)
    door.service.kill()
    has(api, "r4", "c")
    door.service.start().ready()
    due = "update ingest.notices set next_at = now() where ended_at is null"
    asyncio.run(execute(door.database_url, due))
    eventually(lambda: waiting(door, "r4")["ended_at"] is not None, within=30)
    assert [msgspec.json.decode(record.value)["data"]["response"] for record in written.records()][-1] == "r4"
