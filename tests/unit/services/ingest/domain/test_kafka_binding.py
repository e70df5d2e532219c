"""Conformance to CloudEvents' Kafka protocol binding 1.0: the modes, how they are told apart, and what each carries."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.foreign import Foreign
from services.ingest.domain.kafka_binding import event_in
from shared.events.read import read
from shared.events.refusal import Refused
from tests.unit.services.ingest.domain.records import event, record

JSON = ("content-type", b"application/json")
ATTRIBUTES = tuple((f"ce_{name}", value.encode()) for name, value in event(data=None).items() if isinstance(value, str))
DATA = {"action": "delivered", "channel": "courier"}


def found(of: Foreign) -> dict[str, Any]:
    raw = event_in(of)
    assert raw is not None
    read(raw)
    whole: dict[str, Any] = msgspec.json.decode(raw)
    return whole


@pytest.mark.parametrize(
    "media",
    [
        b"application/cloudevents+json",
        b"application/cloudevents+json; charset=UTF-8",
        b"Application/CloudEvents+JSON;charset=utf-8",
    ],
)
def test_structured_the_value_is_the_event_byte_by_byte(media: bytes) -> None:
    raw = msgspec.json.encode(event())
    assert event_in(record(raw, ("content-type", media))) == raw


def test_structured_headers_may_repeat_attributes_and_the_value_stands() -> None:
    of = record(event(), ("content-type", b"application/cloudevents+json"), ("ce_id", b"another"), ("ce_type", b"x"))
    assert found(of)["id"] == "o-1-delivered"


def test_structured_what_is_no_event_is_not_taken_for_other_json() -> None:
    assert event_in(record({"order": 1}, ("content-type", b"application/cloudevents+json"))) == b'{"order":1}'


@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
def test_the_mode_is_told_by_the_content_type_whatever_the_case_of_its_name(name: str) -> None:
    assert found(record(event(), (name, b"application/cloudevents+json")))["id"] == "o-1-delivered"


@pytest.mark.parametrize(
    ("media", "said"),
    [
        (b"application/cloudevents-batch+json", "have no batches"),
        (b"application/cloudevents+avro", "this format of CloudEvents is not read"),
        (b"application/cloudevents+protobuf", "this format of CloudEvents is not read"),
        (b"application/cloudevents+xml", "this format of CloudEvents is not read"),
    ],
)
def test_other_formats_and_batches_are_refused_by_name(media: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        event_in(record(b"\x00\x01", ("content-type", media)))
    assert refused.value.malformed


def test_json_that_has_a_specversion_is_an_event_without_any_header() -> None:
    assert found(record(event())) == event()


def test_other_json_is_none_even_if_it_speaks_of_specversions() -> None:
    for value in (
        {"order": 1},
        {"about": {"specversion": "1.0"}},
        ["specversion"],
        {"specversion": None},
        b'"specversion',
    ):
        assert event_in(record(value)) is None
    assert event_in(record(None)) is None


def test_binary_every_attribute_comes_in_a_header_and_the_value_is_the_data() -> None:
    of = record(DATA, JSON, *ATTRIBUTES, ("ce_loyaltytier", b"gold"))
    assert found(of) == event(datacontenttype="application/json", loyaltytier="gold")


def test_binary_without_a_content_type_the_data_is_json() -> None:
    assert "datacontenttype" not in found(record(DATA, *ATTRIBUTES))


def test_binary_numbers_of_the_data_stay_as_they_were_written() -> None:
    raw = event_in(record(b'{"kind":"purchased","amount":1.10}', JSON, *ATTRIBUTES))
    assert raw is not None
    assert b'"amount":1.10' in raw


def test_binary_values_are_utf_8_and_not_percent_encoded() -> None:
    headers = tuple((name, "ä%20b".encode() if name == "ce_subject" else value) for name, value in ATTRIBUTES)
    assert found(record(DATA, JSON, *headers))["subject"] == "ä%20b"


def test_binary_without_a_value_is_an_event_without_data() -> None:
    raw = event_in(record(None, *ATTRIBUTES))
    assert raw is not None
    assert "data" not in msgspec.json.decode(raw)


def test_the_partition_key_of_the_extension_stays_an_attribute() -> None:
    assert found(record(DATA, JSON, *ATTRIBUTES, ("ce_partitionkey", b"k")))["partitionkey"] == "k"


def test_headers_of_tracing_alone_make_no_event_of_a_record() -> None:
    assert event_in(record({"order": 1}, ("ce_traceparent", b"00-1-2-03"), ("traceparent", b"00-1-2-03"))) is None


@pytest.mark.parametrize(
    ("headers", "value", "path"),
    [
        ((("ce_id", b"again"),), b"{}", "ce_id"),
        ((("CE_ID", b"again"),), b"{}", "ce_id"),
        ((("ce_not-a-name", b"1"),), b"{}", "ce_not-a-name"),
        ((("ce_", b"1"),), b"{}", "ce_"),
        ((("ce_data", b"1"),), b"{}", "ce_data"),
        ((("ce_datacontenttype", b"application/json"),), b"{}", "ce_datacontenttype"),
        ((("ce_ext", b"\xff"),), b"{}", "ce_ext"),
        ((), b"{", "data"),
        ((), b"\x00\x00\x00\x00\x07{}", "data"),
    ],
)
def test_binary_faults_are_named_by_their_header(
    headers: tuple[tuple[str, bytes], ...], value: bytes, path: str
) -> None:
    with pytest.raises(Refused) as refused:
        event_in(record(value, JSON, *ATTRIBUTES, *headers))
    assert [problem.path for problem in refused.value.problems] == [path]


def test_binary_data_of_another_type_than_json_is_refused_by_its_type() -> None:
    with pytest.raises(Refused, match="its content-type says text/xml"):
        event_in(record(b"<a/>", ("content-type", b"text/xml; charset=utf-8"), *ATTRIBUTES))


def test_both_modes_carry_the_same_event() -> None:
    whole = event(datacontenttype="application/json")
    assert found(record(DATA, JSON, *ATTRIBUTES)) == found(record(whole)) == whole


@given(
    st.binary() | st.none(),
    st.lists(st.tuples(st.sampled_from(["content-type", "ce_id", "ce_type", "ce_x", "x"]), st.binary() | st.none())),
)
def test_whatever_comes_is_an_event_or_none_or_refused(
    value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    with suppress(Refused):
        raw = event_in(record(value, *headers))
        assert raw is None or isinstance(raw, bytes)
