"""Webhooks at a real door: what providers are told, what is in Kafka, what is set aside."""

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
from shared.programme.source import Question, Signature, Source
from tests.integration.services.ingest.door import STRUCTURED, Door, Written, event, open_door
from tests.processes import eventually
from tests.programmes import DELIVERY
from tests.road import apply_programme

SECRET, BEFORE = "the new secret", "the one before"
TOKEN = "t0ken-in-the-address"
FORM: dict[str, Any] = {
    "event_id": "01J",
    "event_type": "form_response",
    "form_response": {
        "form_id": "aB3dE5",
        "token": "tok1",
        "submitted_at": "2026-03-02T09:16:20Z",
        "hidden": {"customer_id": "c-1001"},
        "answers": [{"type": "number", "number": 4, "field": {"ref": "nps_main"}}],
    },
}
TYPEFORM = Source(
    source="store-survey",
    provider="typeform",
    secret=("env:TEST_NEW", "env:TEST_BEFORE"),
    questions={"nps_main": Question(metric="nps")},
    subject="hidden.customer_id",
)
CRM = Source(
    source="crm",
    provider="generic",
    secret=("env:TEST_NEW",),
    signature=Signature(header="x-signature", signed="{url}|{body}"),
    map="crm.jmespath",
    mapping="rows[].{id: id, type: 'voc.outcome', subject: who, data: {kind: kind}}",
)
PLAIN = Source(source="plain", provider="generic", secret=("env:TEST_NEW",), map="m", mapping=CRM.mapping)
JOTFORM = Source(source="visits", provider="jotform", secret=("env:TEST_TOKEN",))
PARTNER = Source(
    source="partner", provider="cloudevents", secret=("env:TEST_NEW",), options={"origins": "eventemitter.example.test"}
)
FORMBRICKS = Source(source="in-app", provider="formbricks", secret=("env:TEST_TOKEN",))
NO_SECRET = Source(source="no-secret", provider="typeform", secret=("env:TEST_NONE",))


@pytest.fixture(scope="module")
def hooked(kafka_bootstrap: str, database_url: str, workshop: Path) -> Iterator[Door]:
    settings = {
        "TEST_NEW": SECRET,
        "TEST_BEFORE": BEFORE,
        "TEST_TOKEN": TOKEN,
        "VOC_INGEST_PUBLIC_URL": "https://hooks.example.test/",
    }
    with open_door(kafka_bootstrap, database_url, workshop, **settings) as door:
        asyncio.run(_apply(database_url, TYPEFORM, CRM, PLAIN, JOTFORM, FORMBRICKS, PARTNER, NO_SECRET))
        eventually(lambda: door.client.get("/v1/webhooks/crm").status_code == 200, within=10)
        yield door


async def _apply(database_url: str, *sources: Source) -> None:
    await apply_programme(database_url, Programme(name="Shop", timezone="UTC", journeys=(DELIVERY,), sources=sources))


def typeform(door: Door, body: bytes, secret: str = SECRET) -> httpx.Response:
    signature = "sha256=" + b64encode(hmac.new(secret.encode(), body, "sha256").digest()).decode()
    headers = {"typeform-signature": signature, "content-type": "application/json", "authorization": "Bearer s3cret"}
    return door.client.post("/v1/webhooks/store-survey", content=body, headers=headers)


def crm(door: Door, body: bytes) -> httpx.Response:
    message = b"https://hooks.example.test/v1/webhooks/crm?a=1%2F2|" + body
    signature = hmac.new(SECRET.encode(), message, "sha256").hexdigest()
    return door.client.post("/v1/webhooks/crm?a=1%2F2", content=body, headers={"x-signature": signature})


def test_an_answer_is_an_event_under_both_secrets(hooked: Door) -> None:
    written = Written(hooked.kafka, EVENTS.name)
    for secret in (SECRET, BEFORE):
        answer = typeform(hooked, msgspec.json.encode(FORM), secret)
        assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    first, again = written.records()
    assert (first.key, first.value) == (again.key, again.value), "a delivery that is repeated is the same event"
    answered = msgspec.json.decode(first.value)
    assert (answered["id"], answered["source"], answered["subject"]) == ("tok1/form_response", "store-survey", "c-1001")
    assert "unverified" not in answered


def test_a_changed_body_is_refused_and_kept_without_what_signs_in(hooked: Door) -> None:
    aside = Written(hooked.kafka, QUARANTINE.name)
    answer = typeform(hooked, b"{}", "another secret")
    assert (answer.status_code, answer.json()["title"]) == (401, "No valid key")
    (kept,) = aside.records()
    headers = dict(kept.headers)
    assert (kept.key, kept.value) == (b"store-survey", b"{}")
    assert (headers["kind"], headers["authentic"], headers["door"]) == (b"unproven", b"no", b"webhook")
    assert headers["origin"] == b"POST /v1/webhooks/store-survey"
    assert "http-authorization" not in headers
    assert "http-typeform-signature" in headers


def test_what_makes_no_event_is_accepted_and_set_aside_whole(hooked: Door) -> None:
    written, aside = Written(hooked.kafka, EVENTS.name), Written(hooked.kafka, QUARANTINE.name)
    rows = [{"id": "1", "who": "crm:1", "kind": "churned"}, {"id": "2", "who": "crm:2", "kind": None}]
    answer = crm(hooked, msgspec.json.encode({"rows": rows}))
    assert answer.status_code == 202
    told = answer.json()
    assert (told["accepted"], told["quarantined"]) == (1, True)
    assert told["problems"][0]["path"] == "data.kind"
    assert len(written.records()) == 1
    (kept,) = aside.records()
    assert msgspec.json.decode(kept.value) == {"rows": rows}
    assert dict(kept.headers)["kind"] == b"unmapped"


def test_a_body_that_cannot_be_read_is_refused(hooked: Door) -> None:
    aside = Written(hooked.kafka, QUARANTINE.name)
    answer = crm(hooked, b"{")
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["message"].startswith("expected JSON")
    assert [dict(kept.headers)["kind"] for kept in aside.records()] == [b"malformed"]


def test_who_proves_himself_by_a_token_sends_unverified_events(hooked: Door) -> None:
    written = Written(hooked.kafka, EVENTS.name)
    body = msgspec.json.encode({"rows": [{"id": "t", "who": "crm:1", "kind": "churned"}]})
    token = SECRET.replace(" ", "%20")
    for path, headers in (
        (f"/v1/webhooks/plain/{token}", {}),
        (f"/v1/webhooks/plain?token={token}", {}),
        ("/v1/webhooks/plain", {"authorization": f"Bearer {SECRET}"}),
    ):
        assert hooked.client.post(path, content=body, headers=headers).status_code == 202, path
    assert hooked.client.post("/v1/webhooks/plain/wrong", content=body).status_code == 401
    assert hooked.client.post("/v1/webhooks/plain", content=body).status_code == 401
    assert [msgspec.json.decode(record.value)["unverified"] for record in written.records()] == [True] * 3


def test_an_address_that_a_provider_repeats_is_kept_nowhere(hooked: Door) -> None:
    written, aside = Written(hooked.kafka, EVENTS.name), Written(hooked.kafka, QUARANTINE.name)

    def send(path: str, answers: str) -> int:
        repeated = {"webhookURL": f"https://hooks.example.test{path}"}
        form = {"formID": "26", "submissionID": answers, "rawRequest": answers, **repeated}
        return hooked.client.post(path, files={name: (None, value) for name, value in form.items()}).status_code

    assert send(f"/v1/webhooks/visits/{TOKEN}", '{"q4_nps": "4"}') == 200
    assert send(f"/v1/webhooks/visits/{TOKEN}", "{") == 200
    assert send(f"/v1/webhooks/visits/{TOKEN}-of-before", "{}") == 401
    (event,) = written.records()
    unmapped, unproven = aside.records()
    assert msgspec.json.decode(event.value)["unverified"] is True
    assert [dict(kept.headers)["kind"] for kept in (unmapped, unproven)] == [b"unmapped", b"unproven"]
    for kept in (event, unmapped, unproven):
        assert TOKEN.encode() not in b"".join([kept.value, *(value for _, value in kept.headers)])
    assert TOKEN not in hooked.service.log.read_text()


def test_an_address_that_is_tried_out_before_there_is_a_secret(hooked: Door) -> None:
    written, aside = Written(hooked.kafka, EVENTS.name), Written(hooked.kafka, QUARANTINE.name)
    answer = hooked.client.post("/v1/webhooks/in-app", json={"event": "testEndpoint"})
    assert (answer.status_code, answer.json()["accepted"]) == (202, 0)
    assert hooked.client.post("/v1/webhooks/in-app", json={"event": "responseFinished", "data": {}}).status_code == 401
    assert written.records() == []
    assert [dict(kept.headers)["kind"] for kept in aside.records()] == [b"unproven"]


def test_what_providers_ask_before_they_send(hooked: Door) -> None:
    head = hooked.client.head("/v1/webhooks/store-survey")
    assert (head.status_code, head.content) == (200, b"")
    assert hooked.client.get("/v1/webhooks/store-survey").json() == {"source": "store-survey", "ready": True}
    assert "POST" in hooked.client.options("/v1/webhooks/store-survey").headers["allow"]
    assert hooked.client.put("/v1/webhooks/store-survey").status_code == 405


def test_a_sender_of_cloudevents_is_given_consent_before_it_sends(hooked: Door) -> None:
    def ask(origin: str, path: str = "partner") -> dict[str, str]:
        answer = hooked.client.options(f"/v1/webhooks/{path}", headers={"WebHook-Request-Origin": origin})
        assert answer.status_code == 200
        return {name: value for name, value in answer.headers.items() if name.startswith("webhook-")}

    origin = "eventemitter.example.test"
    assert ask(origin) == {"webhook-allowed-origin": origin, "webhook-allowed-rate": "*"}
    assert ask("stranger.example.test") == {}
    assert ask(origin, "plain") == {}, "only where CloudEvents are expected"


def test_cloudevents_keep_their_id_and_source(hooked: Door) -> None:
    written = Written(hooked.kafka, EVENTS.name)
    sent = event(source="urn:partner", subject="crm:7")
    headers = {"authorization": f"Bearer {SECRET}", **STRUCTURED}
    assert (
        hooked.client.post("/v1/webhooks/partner", content=msgspec.json.encode(sent), headers=headers).status_code
        == 202
    )
    (record,) = written.records()
    kept = msgspec.json.decode(record.value)
    assert record.key == b"crm:7"
    assert (kept["id"], kept["source"], kept["unverified"]) == (sent["id"], "urn:partner", True)


def test_what_is_no_cloudevent_by_its_type_is_not_theirs_and_nothing_is_kept(hooked: Door) -> None:
    aside = Written(hooked.kafka, QUARANTINE.name)
    for given in ({"content-type": "text/xml"}, {"content-type": "application/json", "content-encoding": "gzip"}):
        headers = {"authorization": f"Bearer {SECRET}", **given}
        answer = hooked.client.post("/v1/webhooks/partner", content=b"<a/>", headers=headers)
        assert answer.status_code == 415
        assert {"accept", "accept-encoding"} & answer.headers.keys()
    assert aside.records() == []


@pytest.mark.parametrize("name", ["nobody", "no-secret", "", "store-survey%2Fx"])
def test_never_404_for_what_may_come_back(hooked: Door, name: str) -> None:
    answer = hooked.client.post(f"/v1/webhooks/{name}", content=b"{}")
    assert answer.status_code in (503, 401)
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) == 30


def test_a_version_of_the_programme_is_taken_up_while_it_runs(hooked: Door) -> None:
    new = Source(source="new-one", provider="generic", secret=("env:TEST_NEW",), map="m", mapping="@")
    asyncio.run(_apply(hooked.database_url, TYPEFORM, CRM, PLAIN, JOTFORM, PARTNER, NO_SECRET, new))
    eventually(lambda: hooked.client.head("/v1/webhooks/new-one").status_code == 200, within=10)


def test_a_source_that_is_tried_out_is_refused_where_it_cannot_be_read(hooked: Door) -> None:
    headers = {"authorization": f"Bearer {hooked.new_key('admin')}"}

    def trial(source: Any, body: str = "e30=") -> httpx.Response:
        sent = msgspec.json.encode({"source": source, "body": body})
        return hooked.client.post("/v1/sources/test", content=sent, headers=headers)

    draft = {"source": "s", "provider": "generic", "secret": ["env:X"], "mapping": "nosuch(a)"}
    assert (trial(draft).status_code, trial("nobody").status_code, trial("crm", "?").status_code) == (422, 404, 422)
    assert "there is no function nosuch()" in trial(draft).json()["detail"]
    assert trial("crm", "A" * 2_100_000).status_code == 413


def test_a_source_that_cannot_be_read_keeps_no_other_from_sending(hooked: Door) -> None:
    newer = Source(source="newer", provider="generic", secret=("env:TEST_NEW",), map="m", mapping="nosuch(a)")
    last = Source(source="last", provider="generic", secret=("env:TEST_NEW",), map="m", mapping="@")
    asyncio.run(_apply(hooked.database_url, newer, last))
    eventually(lambda: hooked.client.head("/v1/webhooks/last").status_code == 200, within=10)
    assert hooked.client.head("/v1/webhooks/newer").status_code == 503
