"""A rejection carries the name of its event, wherever that could be read."""

from services.ingest.domain.binary import MOST_KEPT, attributes
from services.ingest.domain.rejection import in_parts, rejection
from shared.events.refusal import Problem

PROBLEMS = [Problem("data", "expected JSON")]


def test_a_structured_event_is_named_by_its_members() -> None:
    found = rejection(b'{"id":"1","source":"s"}', PROBLEMS)
    assert (found.id, found.source, found.attributes) == ("1", "s", {})
    assert rejection(b'{"id":1', PROBLEMS).id is None


def test_one_in_parts_is_named_by_its_headers_not_by_its_data() -> None:
    kept = attributes([(b"host", b"x"), (b"ce-id", b"1"), (b"ce-source", b"urn%3As"), (b"ce-id", b"2")])
    found = in_parts(b'{"id":"other"', PROBLEMS, kept)
    assert (found.id, found.source) == ("1", "urn:s")
    assert found.attributes == {"ce-id": b"1", "ce-source": b"urn%3As"}


def test_a_name_that_cannot_be_read_is_none() -> None:
    found = in_parts(b"{", PROBLEMS, {"ce-id": b"%ff"})
    assert (found.id, found.source) == (None, None)


def test_no_more_headers_are_kept_than_fit_into_a_message() -> None:
    many = attributes([(f"ce-{n}".encode(), b"x" * 1000) for n in range(100)])
    assert sum(len(name) + len(value) for name, value in many.items()) <= MOST_KEPT
    assert len(many) == 15
