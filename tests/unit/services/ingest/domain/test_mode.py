"""The media type tells which of the three ways a request takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.mode import Mode, mode_of


@pytest.mark.parametrize(
    ("content_type", "mode"),
    [
        (b"application/cloudevents+json", Mode.STRUCTURED),
        (b"Application/CloudEvents+JSON ; charset=UTF-8", Mode.STRUCTURED),
        (b"application/cloudevents-batch+json", Mode.BATCH),
        (b'application/cloudevents-batch+json; charset="utf-8"', Mode.BATCH),
        (b"application/json", Mode.PLAIN),
        (b"application/vnd.shop.order+json;v=2", Mode.PLAIN),
        (b"text/json; charset=us-ascii", Mode.PLAIN),
        (b"", Mode.PLAIN),
    ],
)
def test_these_are_taken(content_type: bytes, mode: Mode) -> None:
    assert mode_of(content_type) is mode


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/cloudevents+avro",
        b"application/cloudevents-batch+xml",
        b"application/cloudevents",
        b"application/json; charset=iso-8859-1",
        b"application/x-www-form-urlencoded",
        b"text/plain",
        b"application/jsonlines",
        b"\xff",
    ],
)
def test_these_are_not(content_type: bytes) -> None:
    assert mode_of(content_type) is None


@given(st.binary(max_size=60))
def test_any_header_has_an_answer(content_type: bytes) -> None:
    assert mode_of(content_type) in (None, *Mode)
