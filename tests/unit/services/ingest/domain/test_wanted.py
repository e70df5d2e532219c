"""What is asked for of the quarantine is read, or it is said where it means nothing."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from services.ingest.domain.wanted import Filter, Selection, Unreadable, filter_of, limit_of, number_of, selection_of


def test_a_query_is_read() -> None:
    found = filter_of({"source": "", "door": "bridge", "state": "waiting", "since": "2026-11-25T09:00:00+01:00"})
    assert found == Filter(source="", door="bridge", state="waiting", since=datetime(2026, 11, 25, 8, tzinfo=UTC))


def test_a_plus_sign_that_nobody_encoded_is_one() -> None:
    assert filter_of({"since": "2026-11-25T09:00:00 01:00"}).since == datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_a_body_is_read() -> None:
    body = msgspec.json.encode({"filter": {"source": "crm"}, "dry_run": True, "cursor": "7"})
    assert selection_of(body) == Selection(filter=Filter(source="crm"), cursor="7", dry_run=True)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"", "body"),
        (b"\xff", "body"),
        (b"[" * 100_000, "body"),
        ({"filter": {}, "ids": [1]}, "body"),
        ({}, "body"),
        ({"ids": ["1"]}, "body"),
        ({"ids": [2**63]}, "body.ids"),
        ({"filter": {"reason": "\0"}}, "body.filter.reason"),
        ({"filter": {"until": "2026-01-01T00:00:00"}}, "body.filter.until"),
        ({"filter": {"state": "replayed"}}, "body.filter.state"),
    ],
)
def test_a_body_that_means_nothing(body: Any, path: str) -> None:
    with pytest.raises(Unreadable) as raised:
        selection_of(body if isinstance(body, bytes) else msgspec.json.encode(body))
    assert raised.value.path == path
    assert raised.value.message


@pytest.mark.parametrize("text", ["", "0", "501", "-1", "1e3", "١", "9" * 5000])
def test_what_is_no_limit(text: str) -> None:
    with pytest.raises(Unreadable):
        limit_of(text)


@pytest.mark.parametrize("text", ["", "-1", "x", "9" * 19])
def test_what_is_no_cursor(text: str) -> None:
    with pytest.raises(Unreadable):
        number_of("query.cursor", text)
    assert number_of("query.cursor", None) is None
