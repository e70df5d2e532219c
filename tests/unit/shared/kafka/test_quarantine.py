"""What is set aside is found again by who sent it, and carries what a replay needs and nobody's credentials."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from shared.events.refusal import Problem
from shared.kafka.quarantine import (
    HTTP,
    MOST_CARRIED_BYTES,
    MOST_PROBLEM_BYTES,
    RECORD,
    RECORD_CUT,
    RECORD_HEADER,
    carried,
    headers_of,
    key_of,
    of_record,
    of_request,
)

USUAL: dict[str, Any] = {
    "reason": "r",
    "origin": "o",
    "first_seen": datetime(2026, 1, 1, tzinfo=UTC),
    "door": "webhook",
    "kind": "invalid",
}


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b'{"source": "urn:shop", "data": {"score": "many"}}', b"urn:shop"),
        (b'{"id": "1"}', None),
        (b'{"source": 7}', None),
        (b'["urn:shop"]', None),
        (b"\xff\xfe", None),
        (b"", None),
    ],
)
def test_the_key_is_the_source_where_one_can_be_read(raw: bytes, key: bytes | None) -> None:
    assert key_of(raw) == key


def test_what_is_not_known_has_no_header() -> None:
    assert headers_of(**USUAL).keys() == {"reason", "origin", "first-seen", "door", "kind"}


@pytest.mark.parametrize(("proven", "written"), [(True, "yes"), (False, "no")])
def test_it_says_whether_its_sender_proved_who_they_are(proven: bool, written: str) -> None:
    assert headers_of(**USUAL, proven=proven)["authentic"] == written


def test_as_many_problems_are_said_as_fit_and_each_of_them_whole() -> None:
    problems = [Problem(f"data.answers[{n}].score", "expected a number ✓" * 20) for n in range(100)]
    written = headers_of(**USUAL, problems=problems)["problems"]
    assert len(written.encode()) <= MOST_PROBLEM_BYTES
    read = msgspec.json.decode(written, type=list[Problem])
    assert read == problems[: len(read)]
    assert len(read) > 10


def test_a_request_keeps_its_signature_and_what_it_is_about() -> None:
    sent = [
        (b"content-type", b"application/json"),
        (b"typeform-signature", b"sha256=x"),
        (b"x-shopify-topic", b"orders/create"),
        (b"webhook-id", b"msg_1"),
        (b"webhook-timestamp", b"1"),
        (b"x-hubspot-request-timestamp", b"2"),
    ]
    kept = of_request(sent)
    assert carried(kept, HTTP) == [(name.decode(), value) for name, value in sent]


@pytest.mark.parametrize(
    "name",
    [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-auth-token",
        "x-api-key",
        "x-apikey",
        "x-webhook-secret",
        "x-forwarded-for",
        "x-forwarded-proto",
        "forwarded",
        "x-real-ip",
        "cf-connecting-ip",
        "host",
        "accept-encoding",
        "x-original-uri",
        "x-original-url",
        "x-rewrite-url",
        "x-request-uri",
        "x-of-the-house",
    ],
)
def test_a_request_keeps_nothing_that_signs_in_and_nothing_of_the_network(name: str) -> None:
    assert of_request([(name.encode(), b"v")], never=["X-Of-The-House"]) == []


def test_names_that_only_begin_like_those_are_kept() -> None:
    names = ["host-event", "viaduct", "teammate", "x-typeform-event"]
    assert [name for name, _ in carried(of_request([(name.encode(), b"") for name in names]), HTTP)] == names


def test_a_record_keeps_its_key_and_its_headers_also_those_that_stand_twice() -> None:
    said = [("timestamp", b"-1"), ("generation", b"2")]
    kept = of_record(b"\xff", [("a", b"1"), ("a", b"2"), ("b", None)], timestamp=-1, generation=2)
    assert carried(kept, RECORD) == [*said, ("key", b"\xff"), ("header-a", b"1"), ("header-a", b"2"), ("header-b", b"")]
    assert carried(of_record(None, [], timestamp=-1, generation=2), RECORD) == said


def test_what_is_carried_fits_into_a_message_and_what_is_cut_is_counted() -> None:
    kept = of_record(b"k" * 990, [(f"h{n}", b"x" * 1000) for n in range(100)], timestamp=0, generation=1)
    assert sum(len(name) + len(value) for name, value in kept if name.startswith(f"{RECORD}h")) <= MOST_CARRIED_BYTES
    assert carried(kept, RECORD)[-1] == ("cut", b"86")
    assert len(kept) == 2 + 15 + 1


def test_what_names_an_event_is_kept_before_all_else() -> None:
    ce = [("ce_id", b"1"), ("ce_source", b"s" * 2000), ("content-type", b"application/json")]
    long = [("a", b"x" * 15_000), ("b", b"x" * MOST_CARRIED_BYTES)]
    kept = of_record(b"k" * MOST_CARRIED_BYTES, [*long, *ce, ("c", b"")], timestamp=0, generation=1)
    assert carried(kept, RECORD_HEADER) == [*ce, ("c", b"")]
    assert (RECORD_CUT, b"3") in kept
    sent = [(name.replace("_", "-").encode(), value) for name, value in long + ce]
    assert carried(of_request(sent), HTTP) == [(name.replace("_", "-"), value) for name, value in ce]
