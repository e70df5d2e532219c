"""A rejection carries the name of its event, wherever that could be read."""

from services.ingest.domain.binary import MOST_KEPT, attributes
from services.ingest.domain.rejection import in_parts, rejection
from shared.events.refusal import Problem, Refused

FAULT = Refused([Problem("data", "expected JSON")], malformed=True)
TYPE = b"application/json"


def test_a_structured_event_is_named_by_its_members() -> None:
    found = rejection(b'{"id":"1","source":"s"}', FAULT)
    assert (found.id, found.source, found.attributes) == ("1", "s", {})
    assert rejection(b'{"id":1', FAULT).id is None


def test_one_in_parts_is_named_by_its_headers_not_by_its_data() -> None:
    kept = attributes([(b"host", b"x"), (b"ce-id", b"1"), (b"ce-source", b"urn%3As"), (b"ce-id", b"2")])
    found = in_parts(b'{"id":"other"', FAULT, kept, TYPE)
    assert (found.id, found.source) == ("1", "urn:s")
    assert found.attributes == {"ce-id": b"1", "ce-source": b"urn%3As"}


def test_a_name_that_cannot_be_read_is_none() -> None:
    found = in_parts(b"{", FAULT, {"ce-id": b"%ff"}, TYPE)
    assert (found.id, found.source) == (None, None)


def test_no_more_headers_are_kept_than_fit_into_a_message() -> None:
    many = attributes([(f"ce-{n}".encode(), b"x" * 1000) for n in range(100)])
    assert sum(len(name) + len(value) for name, value in many.items()) <= MOST_KEPT
    assert len(many) == 15


def test_what_cannot_be_read_is_told_from_what_is_no_event() -> None:
    assert rejection(b"{", FAULT).kind == "malformed"
    assert rejection(b"{}", Refused([Problem("id", "missing")])).kind == "invalid"


def test_a_body_in_parts_is_of_the_type_that_its_request_said() -> None:
    assert in_parts(b"{", FAULT, {}, b"text/json").content_type == "text/json"
    assert in_parts(b"{", FAULT, {}, b"").content_type == "application/json"


def test_its_place_in_a_batch_is_part_of_its_origin() -> None:
    assert rejection(b"{", FAULT).origin == "POST /v1/events"
    assert rejection(b"{", FAULT, index=3).origin == "POST /v1/events[3]"
