"""Whatever comes, the door has one of its answers for it, and goes on."""

import string
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.services.ingest.door import Door, event

ANSWERS = {202, 400, 413, 415, 422}

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
_fields = st.sampled_from(
    ["id", "source", "subject", "time", "type", "data", "specversion", "datacontenttype", "data_base64", "traceparent"]
)
_types = st.sampled_from(["voc.interaction", "voc.feedback", "voc.outcome", "voc.profile"])


@st.composite
def near_events(draw: st.DrawFn) -> dict[str, Any]:
    """A right event with some fields replaced by anything."""
    wrong = draw(st.dictionaries(_fields, _json, max_size=3))
    return event(type=draw(_types)) | wrong


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A right event's bytes with a few of them changed."""
    body = bytearray(msgspec.json.encode(event()))
    for _ in range(draw(st.integers(1, 4))):
        body[draw(st.integers(0, len(body) - 1))] = draw(st.integers(0, 255))
    return bytes(body)


_bodies = st.one_of(
    st.binary(max_size=200),
    _json.map(msgspec.json.encode),
    near_events().map(msgspec.json.encode),
    st.lists(near_events() | _json, max_size=4).map(msgspec.json.encode),
    broken(),
    st.integers(1, 3000).map(lambda depth: b'{"data":' * depth + b"1" + b"}" * depth),
    st.integers(1, 3000).map(lambda depth: b"[" * depth + b"]" * depth),
)
_media = st.sampled_from(
    [b"application/cloudevents+json", b"application/cloudevents-batch+json", b"application/json", b"", b"text/plain"]
)
_value = st.binary(max_size=30).map(lambda raw: bytes(byte for byte in raw if byte > 32 and byte != 127))
_name = st.text(string.ascii_lowercase + string.digits + "-_.", min_size=1, max_size=12).map(str.encode)
_headers = st.dictionaries(
    st.sampled_from([b"ce-id", b"ce-source", b"ce-type", b"ce-specversion", b"ce-time", b"ce-subject", b"ce-data"])
    | _name.map(lambda name: b"ce-" + name),
    _value | st.sampled_from([b"1.0", b"voc.profile", b"crm:1", b"2026-01-01T00:00:00Z", b"%00", b"%", b'"']),
    max_size=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_bodies, media=_media, headers=_headers)
def test_anything_has_an_answer(door: Door, body: bytes, media: bytes, headers: dict[bytes, bytes]) -> None:
    named = {b"authorization": f"Bearer {door.key}".encode(), b"content-type": media, **headers}
    answer = door.client.post("/v1/events", content=body, headers=list(named.items()))
    assert answer.status_code in ANSWERS, answer.text
    assert answer.json() is not None


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(near_events() | _json, max_size=6))
def test_a_batch_accounts_for_every_item(door: Door, items: list[Any]) -> None:
    answer = door.post(items)
    found = answer.json()
    assert answer.status_code == (202 if found["accepted"] else 422)
    assert found["accepted"] + len(found["rejected"]) == len(items)
    places = [one["index"] for one in found["rejected"]]
    assert places == sorted(set(places))
