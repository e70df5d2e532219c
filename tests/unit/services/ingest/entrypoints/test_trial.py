"""What an admin tries out may be wrong in every way that a programme may not, and is told what is wrong."""

from base64 import b64encode
from typing import Any

import pytest
from msgspec.structs import replace

from services.ingest.entrypoints.trial import Trial, Tried, tried
from shared.http.problem import HttpProblem
from shared.programme.source import Signature, Source
from tests.unit.services.ingest.providers.cases import GOLDEN, case
from tests.unit.services.ingest.sources import AT, in_force

CRM = Source(
    source="crm",
    provider="generic",
    secret=("env:VOC_TEST_NOWHERE",),
    mapping="{type: 'voc.outcome', subject: who, data: {kind: 'churned'}}",
)


def outcome(source: Source, body: bytes = b'{"who": "crm:1"}', **more: Any) -> Tried:
    return tried(Trial(source=source, body=b64encode(body).decode(), **more), in_force(), lambda: AT)


def test_a_source_that_is_not_applied_yet() -> None:
    found = outcome(CRM)
    assert [event["subject"] for event in found.events] == ["crm:1"]
    assert found.proof == "the secret env:VOC_TEST_NOWHERE is not there: ingest has to be given it"


def test_one_without_a_secret_is_told_so() -> None:
    assert outcome(replace(CRM, secret=())).proof == "the source has no secret: give it one"


@pytest.mark.parametrize(
    ("signature", "says"),
    [
        (Signature(header="s", find="("), "a regular expression"),
        (Signature(header="s", find="a"), "with one group"),
        (Signature(), "where the signature is"),
        (Signature(header="s", timestamp_header="t"), "{timestamp} in what is signed"),
    ],
)
def test_a_signature_that_no_programme_may_have(signature: Signature, says: str) -> None:
    with pytest.raises(HttpProblem, match=says) as raised:
        outcome(replace(CRM, signature=signature))
    assert raised.value.status == 422


def test_headers_that_http_cannot_send() -> None:
    with pytest.raises(HttpProblem, match="Latin-1") as raised:
        outcome(replace(CRM, provider="cloudevents"), headers={"X-Mood": "…"})
    assert raised.value.status == 422
    assert outcome(CRM, headers={"X-Mood": "é"}).events


def test_a_payload_that_is_for_somebody_else() -> None:
    golden = case(GOLDEN / "salesforce" / "one-notification.json")
    other = replace(golden.source, options={"organization": "00D000000000002"})
    found = outcome(other, golden.delivery.body, headers=golden.headers)
    assert "another account" in found.problems[0].message
