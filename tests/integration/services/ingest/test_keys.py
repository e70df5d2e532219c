"""Who may send: keys with the right scope, from the moment they are made until they are revoked."""

import time

import pytest

from shared.http.keys import REFRESH_SECONDS
from shared.kafka.topics import QUARANTINE
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
