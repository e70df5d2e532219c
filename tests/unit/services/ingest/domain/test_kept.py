"""A message of the quarantine is understood whoever wrote it, and the same thing is known again."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from services.ingest.domain.kept import Kept, kept, read, written
from shared.events.refusal import Problem
from shared.kafka.quarantine import headers_of, of_record, of_request

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 9, tzinfo=UTC)
SAID: dict[str, Any] = {
    "reason": "data: missing",
    "origin": "POST /v1/webhooks/survey",
    "first_seen": AT,
    "door": "webhook",
    "kind": "unmapped",
}


def message(value: bytes = b"{}", key: bytes | None = b"survey", extra: Any = (), **said: Any) -> Kept:
    headers = [(name, text.encode()) for name, text in headers_of(**{**SAID, **said}).items()]
    return kept(key, value, [*headers, *extra], written_at=LATER)


def test_all_that_was_said_is_read() -> None:
    problems = [Problem("data", "missing")]
    found = message(problems=problems, content_type="application/json", proven=False, extra=[("http-x-event", b"a")])
    assert (found.door, found.source, found.kind, found.reason) == ("webhook", "survey", "unmapped", "data: missing")
    assert (found.problems, found.content_type, found.authentic) == (problems, "application/json", False)
    assert (found.first_seen, found.headers) == (AT, [("http-x-event", b"a")])


@pytest.mark.parametrize(
    ("origin", "door"),
    [
        ("POST /v1/events", "events"),
        ("POST /v1/events[3]", "events"),
        ("voc.events[0]@12", "scoring"),
        ("scoring.outbox 7", "scoring"),
        ("voc.moments[0]@3", "alerts"),
        ("", "events"),
    ],
)
def test_one_from_before_it_was_said_is_of_the_door_that_its_origin_tells(origin: str, door: str) -> None:
    headers = [("reason", b"why"), ("origin", origin.encode()), ("first-seen", AT.isoformat().encode())]
    found = kept(None, b"", headers, written_at=LATER)
    assert (found.door, found.kind, found.source, found.authentic) == (door, "invalid", "", None)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("first-seen", b"yesterday"), ("door", b"window"), ("kind", b"odd"), ("problems", b"{"), ("authentic", b"?")],
        [("first-seen", b"2026-11-25T08:00:00"), ("reason", b"\xff\x00")],
        [("reason", None)],
    ],
)
def test_nothing_in_a_message_can_be_wrong(headers: list[tuple[str, bytes]]) -> None:
    found = kept(b"\xff\x00" + b"k" * 999, b"\x00", headers, written_at=LATER)
    assert (found.first_seen, found.door, found.kind) == (LATER, "events", "invalid")
    assert "\0" not in found.source + found.reason
    assert len(found.source) == 255


def test_headers_come_back_as_they_were() -> None:
    headers = [("ce-id", b"\xff\x00"), ("ce-id", b"2")]
    assert read(msgspec.json.decode(written(headers))) == headers


def test_a_senders_retry_is_the_same_thing_though_its_signature_is_another() -> None:
    first = of_request([(b"stripe-signature", b"t=1"), (b"x-event", b"paid")])
    retry = of_request([(b"stripe-signature", b"t=2"), (b"x-event", b"paid")])
    assert message(extra=first).digest() == message(extra=retry, first_seen=LATER, reason="other").digest()


@pytest.mark.parametrize(
    "other",
    [
        {"value": b"[]"},
        {"key": b"crm"},
        {"door": "events"},
        {"extra": of_request([(b"x-shopify-topic", b"orders/paid")])},
    ],
)
def test_what_means_something_else_is_another_thing(other: dict[str, Any]) -> None:
    usual = message(extra=of_request([(b"x-shopify-topic", b"orders/create")]))
    assert (
        message(**{"extra": of_request([(b"x-shopify-topic", b"orders/create")]), **other}).digest() != usual.digest()
    )


def test_two_records_of_the_same_bytes_are_two_things_and_one_that_is_read_again_is_one() -> None:
    def record(offset: int, generation: int = 1) -> bytes:
        extra = of_record(b"k", [], timestamp=1, generation=generation)
        return message(door="bridge", origin=f"shop.orders[0]@{offset}", extra=extra).digest()

    assert record(1) == record(1)
    assert len({record(1), record(2), record(1, generation=2)}) == 3


def test_the_same_body_with_other_attributes_is_another_thing() -> None:
    one = message(door="events", extra=[("ce-id", b"1")])
    assert one.digest() != message(door="events", extra=[("ce-id", b"2")]).digest()
