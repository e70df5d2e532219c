"""An event whose attributes came in headers is the same event as a structured one."""

from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.binary import decoded, is_binary, structured
from shared.events.refusal import Refused

HEADERS = [(b"content-type", b"application/json"), (b"host", b"x"), (b"ce-id", b"1"), (b"ce-type", b"voc.outcome")]


def whole(headers: list[tuple[bytes, bytes]], body: bytes) -> dict[str, Any]:
    event: dict[str, Any] = msgspec.json.decode(structured(headers, body))
    return event


def test_headers_become_attributes_and_the_body_data() -> None:
    assert whole(HEADERS, b'{"kind": "churned"}') == {
        "datacontenttype": "application/json",
        "id": "1",
        "type": "voc.outcome",
        "data": {"kind": "churned"},
    }


def test_without_a_body_there_is_no_data() -> None:
    assert "data" not in whole(HEADERS, b"")


def test_numbers_of_the_body_stay_as_they_were_written() -> None:
    assert b'{"amount":1.10}' in structured(HEADERS, b'{"amount":1.10}')


def test_only_attributes_make_a_request_binary() -> None:
    assert is_binary(HEADERS)
    assert not is_binary([(b"content-type", b"application/json"), (b"cell", b"1")])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"plain", "plain"),
        (b"Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        (b'"quoted \\"text\\""', 'quoted "text"'),
        (b'"', '"'),
        (b"100%", "100%"),
        (b"once%2520only", "once%20only"),
        ("sent as UTF-8: ä".encode(), "sent as UTF-8: ä"),
    ],
)
def test_values_are_unquoted_and_percent_decoded_once(value: bytes, text: str) -> None:
    assert decoded(value) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_a_sender_encodes_is_read_back(text: str) -> None:
    assert decoded(quote(text, safe="").encode()) == text


@pytest.mark.parametrize(
    ("header", "value", "path", "message"),
    [
        (b"ce-id", b"2", "ce-id", "once"),
        (b"ce-region", b"%FF", "ce-region", "UTF-8"),
        (b"ce-region", b"\xff", "ce-region", "UTF-8"),
        (b"ce-data", b"1", "ce-data", "name of an attribute"),
        (b"ce-datacontenttype", b"text/xml", "ce-datacontenttype", "name of an attribute"),
        (b"ce-some_name", b"1", "ce-some_name", "name of an attribute"),
        (b"ce-", b"1", "ce-", "name of an attribute"),
    ],
)
def test_a_header_that_cannot_be_read_is_named(header: bytes, value: bytes, path: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        structured([*HEADERS, (header, value)], b"{}")
    assert refused.value.malformed
    (problem,) = refused.value.problems
    assert problem.path == path
    assert message in problem.message


@pytest.mark.parametrize("body", [b"not json", b'{},"id":"other"', b"{}{}", b"\xff", b'{"a":' * 2000])
def test_a_body_that_is_no_json_is_malformed_and_smuggles_nothing_in(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        structured(HEADERS, body)
    assert refused.value.malformed
    assert [problem.path for problem in refused.value.problems] == ["data"]
