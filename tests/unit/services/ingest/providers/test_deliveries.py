"""Deliveries that are broken, or meant for somebody else."""

import msgspec
import pytest

from services.ingest.domain.mapping import Mapping
from services.ingest.domain.proof import Unproven
from services.ingest.providers.known import known_providers
from shared.events.refusal import Refused
from shared.programme.source import Source
from tests.unit.services.ingest.providers.cases import GOLDEN, case


def test_a_delivery_for_another_organisation_is_not_proven() -> None:
    golden = case(GOLDEN / "salesforce" / "one-notification.json")
    other = msgspec.structs.replace(golden.source, options={"organization": "00D000000000002"})
    mapping = Mapping(other, known_providers()["salesforce"])
    with pytest.raises(Unproven, match="another account"):
        mapping.events(golden.delivery)


@pytest.mark.parametrize(
    "body",
    [
        b"<a>",
        b"",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 100_000,
    ],
)
def test_xml_that_is_broken_or_wants_something_is_refused(body: bytes) -> None:
    golden = case(GOLDEN / "salesforce" / "one-notification.json")
    mapping = Mapping(golden.source, known_providers()["salesforce"])
    with pytest.raises(Refused, match="expected XML"):
        mapping.events(msgspec.structs.replace(golden.delivery, body=body))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 70 + b"1" + b"}" * 70]
)
def test_json_that_cannot_be_read_is_refused(body: bytes) -> None:
    source = Source(source="s", provider="generic", secret=("env:X",), map="m", mapping="@")
    delivery = msgspec.structs.replace(case(next(GOLDEN.glob("generic/*"))).delivery, body=body)
    with pytest.raises(Refused) as raised:
        Mapping(source, known_providers()["generic"]).events(delivery)
    assert raised.value.malformed
