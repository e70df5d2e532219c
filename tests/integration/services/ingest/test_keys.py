"""Who may send: keys with the right scope, from the moment they are made until they are revoked."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from shared.http.keys import REFRESH_SECONDS
from shared.http.quota import quota
from shared.kafka.topics import EVENTS, QUARANTINE
from tests.integration.services.ingest.door import Door, Written, event
from tests.processes import eventually


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Basic Zm9v", "Bearer voc_unknown", "voc_unknown", "Bearer \xe4"]
)
def test_401_without_a_key_that_holds(door: Door, authorization: str) -> None:
    quarantined = Written(door.kafka, QUARANTINE.name)
    answer = door.client.post(
        "/v1/events", content=b"no event", headers=[(b"authorization", authorization.encode("latin-1"))]
    )
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "voc key create" in answer.json()["detail"]
    assert quarantined.records() == []


def test_403_for_a_key_of_another_scope(door: Door) -> None:
    for scope in ("read", "alerts"):
        answer = door.post(event(), authorization=f"Bearer {door.new_key(scope)}")
        assert answer.status_code == 403
        assert scope in answer.json()["detail"]


def test_an_admin_may_send_and_the_scheme_is_read_in_any_case(door: Door) -> None:
    assert door.post(event(), authorization=f"bearer {door.new_key('admin')}").status_code == 202


def test_a_key_made_a_moment_ago_holds_though_others_knock_without_one(door: Door) -> None:
    for _ in range(3):
        assert door.post(event(), authorization="Bearer voc_unknown").status_code == 401
        assert door.post(event(), authorization=f"Bearer {door.new_key('ingest')}").status_code == 202


def test_a_revoked_key_is_refused_within_seconds(door: Door) -> None:
    key = door.new_key("admin")
    assert door.post(event(), authorization=f"Bearer {key}").status_code == 202
    door.revoke(key)
    revoked_at = time.monotonic()
    eventually(lambda: door.post(event(), authorization=f"Bearer {key}").status_code == 401, within=REFRESH_SECONDS + 3)
    assert time.monotonic() - revoked_at < REFRESH_SECONDS + 3
    assert door.post(event()).status_code == 202


def test_an_expired_key_is_refused_at_once_though_it_came_in_before(door: Door) -> None:
    ends_at = datetime.now(UTC) + timedelta(seconds=1.5)
    key = door.new_key("ingest", expires_at=ends_at)
    assert door.post(event(), authorization=f"Bearer {key}").status_code == 202
    time.sleep((ends_at - datetime.now(UTC)).total_seconds() + 0.01)
    answer = door.post(event(), authorization=f"Bearer {key}")
    assert answer.status_code == 401
    assert "has expired at" in answer.json()["detail"]


def test_a_quota_counts_events_and_says_when_to_come_again(door: Door) -> None:
    written = Written(door.kafka, EVENTS.name)
    authorization = f"Bearer {door.new_key('ingest', quota=quota('1/h', 10))}"
    first = door.post(event(), authorization=authorization)
    assert first.status_code == 202
    assert first.headers["ratelimit-policy"] == '"events";q=10;w=36000'
    assert first.headers["ratelimit"] == '"events";r=9;t=3600'
    batch = door.post([event(), 7, event()], authorization=authorization)
    assert (batch.status_code, batch.json()["accepted"]) == (202, 2)
    assert batch.headers["ratelimit"].startswith('"events";r=6;')
    refused = door.post([event()] * 7, authorization=authorization)
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert 3590 <= int(refused.headers["retry-after"]) <= 3600
    assert refused.headers["ratelimit"] == f'"events";r=6;t={refused.headers["retry-after"]}'
    assert refused.headers["ratelimit-policy"] == first.headers["ratelimit-policy"]
    too_many = door.post([event()] * 11, authorization=authorization)
    assert too_many.status_code == 413
    assert "10 events at once; this batch has 11" in too_many.json()["detail"]
    assert door.post(b"{", authorization=authorization).status_code == 400, "and that took one"
    assert door.post([event()] * 5, authorization=authorization).status_code == 202
    assert door.post(event(), authorization=authorization).status_code == 429
    assert len(written.records()) == 8, "what was refused is nowhere"


def test_a_key_without_a_quota_hears_of_none(door: Door) -> None:
    assert not [name for name in door.post(event()).headers if name.startswith("ratelimit")]
