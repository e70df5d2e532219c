"""A door with a policy: what arrives in Kafka, what its sender is told, and that the log knows nobody."""

import asyncio
import hmac
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.events.pseudonym import Pseudonyms
from shared.kafka.topics import EVENTS, QUARANTINE
from shared.programme.model import Pattern, Privacy, Programme
from shared.programme.source import Question, Source
from tests.integration.services.ingest.door import Door, Written, event, open_door
from tests.processes import eventually
from tests.road import apply_programme

KEY = "0123456789abcdef0123456789abcdef"
ANA = Pseudonyms(["email"], KEY).of("email:ana@example.com")
PRIVACY = Privacy(
    redact=("email", "phone", "card", "iban", "ip", "url"),
    region="DE",
    keep=(r"ORD-\d+",),
    patterns=(Pattern(name="VOUCHER", matches=r"V-\d{6}"),),
    texts=("attributes.note",),
    pseudonymise=("email",),
)
COMMENT = (
    "Ana hier, ana@example.com oder 030 1234567, Karte 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00,"
    " von 192.0.2.17, siehe https://shop.example/u/ana. ORD-4111111111111111 und V-123456 am 03.04.2026."
)
REDACTED = (
    "Ana hier, [EMAIL] oder [PHONE], Karte [CARD], [IBAN],"
    " von [IP], siehe [URL]. ORD-4111111111111111 und [VOUCHER] am 03.04.2026."
)
SECRETS = ("ana@example", "1234567", "4111 1111", "DE89", "192.0.2.17", "shop.example", "V-123456")
HOOK = Source(
    source="hook",
    provider="typeform",
    secret=("env:TEST_HOOK",),
    redact=("email",),
    subject="join(':', ['email', hidden.mail])",
    questions={"why": Question(comment=True)},
)


@pytest.fixture(scope="module")
def door(kafka_bootstrap: str, database_url: str, workshop: Path) -> Iterator[Door]:
    key = workshop / "pseudonym.key"
    with open_door(kafka_bootstrap, database_url, workshop, TEST_HOOK="hook") as opened:
        assert opened.post(event()).status_code == 202, "no programme, nothing to protect"
        privacy = msgspec.structs.replace(PRIVACY, key=f"file:{key}")
        asyncio.run(
            apply_programme(database_url, Programme(name="Shop", timezone="UTC", privacy=privacy, sources=(HOOK,)))
        )
        eventually(lambda: opened.service.get("/readyz").status_code == 503, within=15)
        refuse_without_a_key(opened)
        key.write_text(KEY + "\n")
        eventually(lambda: opened.service.get("/readyz").status_code == 200, within=15)
        yield opened


def refuse_without_a_key(door: Door) -> None:
    """Also what is wrong with an event is not said then: it would have to be kept."""
    written, aside = Written(door.kafka, EVENTS.name), Written(door.kafka, QUARANTINE.name)
    for sent in (event(), [event()], event(type="voc.nothing")):
        answer = door.post(sent)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "personal data cannot be done just now" in answer.json()["detail"]
    assert "The key of pseudonyms is not there" in door.service.get("/readyz").json()["checks"]["privacy"]
    assert written.records() == aside.records() == []


def said(**fields: Any) -> dict[str, Any]:
    data = {
        "answers": [{"metric": "nps", "score": 2, "question": "Hello ana@example.com?"}],
        "comment": COMMENT,
        "attributes": {"note": "030 1234567", "cents": 1.10},
    }
    return event(type="voc.feedback", subject="email: Ana@Example.com", data=data, **fields)


def found(record: Any) -> dict[str, Any]:
    decoded: dict[str, Any] = msgspec.json.decode(record.value)
    return decoded


def test_nobody_is_in_kafka_whatever_way_it_came(door: Door) -> None:
    written = Written(door.kafka, EVENTS.name)
    assert door.post(said(id="one")).json() == {"accepted": 1, "rejected": []}
    assert door.post([said(id="two", time=None), event()]).status_code == 202
    headers = {f"ce_{name}": value for name, value in said(id="three").items() if isinstance(value, str)}
    body = msgspec.json.encode(said()["data"])
    assert door.post(body, content_type="application/json", **headers).status_code == 202
    protected = [record for record in written.records() if b"voc.feedback" in record.value]
    assert len(protected) == 3
    for record in protected:
        assert record.key.decode() == found(record)["subject"] == ANA
        assert found(record)["data"] == {
            "answers": [{"metric": "nps", "score": 2, "question": "Hello [EMAIL]?"}],
            "comment": REDACTED,
            "attributes": {"note": "[PHONE]", "cents": 1.1},
        }


def test_what_is_refused_is_told_as_it_came_and_kept_without_anybody(door: Door) -> None:
    aside = Written(door.kafka, QUARANTINE.name)
    wrong = said()
    wrong["data"]["answers"][0]["score"] = 99
    answer = door.post(wrong)
    assert (answer.status_code, answer.json()["problems"][0]["path"]) == (422, "data.answers[0].score")
    assert door.post([wrong, event()]).json()["rejected"][0]["index"] == 0
    kept = aside.records()
    assert len(kept) == 2
    for record in kept:
        assert (found(record)["subject"], found(record)["data"]["comment"]) == (ANA, REDACTED)
        assert not any(text in str(record) for text in SECRETS)


def test_a_long_batch_is_taken_in_order_and_told_by_its_places(door: Door) -> None:
    written = Written(door.kafka, EVENTS.name)
    sent = [said(id=str(n)) | ({"time": "never"} if n in (7, 33) else {}) for n in range(50)]
    answer = door.post(sent).json()
    assert (answer["accepted"], [one["index"] for one in answer["rejected"]]) == (48, [7, 33])
    assert [found(record)["id"] for record in written.records()] == [str(n) for n in range(50) if n not in (7, 33)]


def test_bytes_that_are_no_json_are_kept_as_they_came(door: Door) -> None:
    aside = Written(door.kafka, QUARANTINE.name)
    assert door.post(b'{"comment":"ana@example.com"').status_code == 400
    assert [record.value for record in aside.records()] == [b'{"comment":"ana@example.com"']


def test_a_webhook_goes_by_its_own_list_and_the_same_pseudonyms(door: Door) -> None:
    written = Written(door.kafka, EVENTS.name)
    form = {"hidden": {"mail": "ana@example.com"}, "token": "t", "submitted_at": "2026-03-02T09:16:20Z"}
    answers = [{"type": "text", "text": "ana@example.com, 030 1234567", "field": {"ref": "why"}}]
    body = msgspec.json.encode(
        {"event_id": "1", "event_type": "form_response", "form_response": form | {"answers": answers}}
    )
    answer = door.client.post("/v1/webhooks/hook", content=body, headers=signed(body))
    assert answer.json() == {"accepted": 1}
    (record,) = written.records()
    assert record.key.decode() == found(record)["subject"] == ANA
    assert found(record)["data"]["comment"] == "[EMAIL], 030 1234567"


def test_the_log_knows_nobody(door: Door) -> None:
    log = door.service.log.read_text()
    assert "personal-data-not-protected" in log, "it was looked at"
    assert KEY not in log
    assert not [text for text in SECRETS if text in log]


def signed(body: bytes) -> dict[str, str]:
    return {"typeform-signature": "sha256=" + b64encode(hmac.digest(b"hook", body, "sha256")).decode()}
