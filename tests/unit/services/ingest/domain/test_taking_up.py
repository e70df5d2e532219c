"""Where a foreign partition is read on: nothing is skipped, and another topic begins a generation of its own."""

import pytest

from services.ingest.domain.taking_up import Found, Last, Position, Start, differs, elsewhere, start

LAST = Last(99, 1_780_300_800_123, b"digest")
KNOWN = Position(2, 100, "cluster", b"id", LAST)


def found(begin: int = 0, end: int = 500, cluster: str = "cluster", topic_id: bytes | None = b"id") -> Found:
    return Found(begin, end, cluster, topic_id)


@pytest.mark.parametrize("end", [100, 101, 5000])
def test_it_goes_on_behind_the_last_record_once_that_is_the_same(end: int) -> None:
    assert start(KNOWN, found(end=end)) == Start(2, 100, LAST)


def test_what_has_no_last_record_yet_goes_on_where_it_stands() -> None:
    assert start(KNOWN._replace(last=None), found()) == Start(2, 100)


def test_a_last_record_that_retention_took_is_not_compared() -> None:
    assert start(KNOWN, found(begin=100)) == Start(2, 100)


def test_unread_records_that_retention_took_are_counted_and_said_in_the_same_generation() -> None:
    decided = start(KNOWN, found(begin=130))
    assert (decided.generation, decided.offset, decided.lost) == (2, 130, 30)
    assert decided.said.startswith("records 100 to 129 were deleted by the topic's retention")


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (found(begin=7, cluster="other"), "this is Kafka cluster other, and cluster was read before"),
        (found(begin=7, topic_id=b"new"), "the topic was deleted and made again"),
        (found(begin=7, end=99, topic_id=None), "it ends at offset 99 and was read up to 100"),
        (found(begin=130, topic_id=b"new"), "the topic was deleted and made again"),
    ],
)
def test_another_topic_is_read_from_its_beginning_in_the_next_generation(now: Found, why: str) -> None:
    decided = start(KNOWN, now)
    assert (decided.generation, decided.offset, decided.compare, decided.lost) == (3, now.begin, None, 0)
    assert decided.said == f"{why}: read from its beginning, in generation 3"


@pytest.mark.parametrize(("known", "now"), [(None, b"id"), (b"id", None), (None, None)])
def test_a_broker_that_tells_no_id_leaves_it_to_the_last_record(known: bytes | None, now: bytes | None) -> None:
    assert start(KNOWN._replace(topic_id=known), found(topic_id=now)) == Start(2, 100, LAST)


def test_the_record_that_is_read_again_is_the_same_or_of_another_topic() -> None:
    assert differs(LAST, *LAST) == ""
    for timestamp, digest in ((LAST.timestamp + 1, LAST.digest), (LAST.timestamp, b"other")):
        assert differs(LAST, LAST.offset, timestamp, digest).startswith("the record at offset 99 is not the one")


def test_a_record_that_compaction_took_tells_nothing() -> None:
    assert differs(LAST, LAST.offset + 1, 0, b"other") == ""


@pytest.mark.parametrize(("begin", "end", "offset"), [(7, 90, 90), (95, 95, 95)])
def test_a_log_that_was_cut_goes_on_at_its_end_under_ids_of_their_own(begin: int, end: int, offset: int) -> None:
    decided = start(KNOWN, found(begin=begin, end=end))
    assert (decided.generation, decided.offset, decided.compare, decided.lost) == (3, offset, None, 0)
    assert decided.said == (
        f"it ends at offset {end} and was read up to 100; its id is the same, so it was cut:"
        f" read on at offset {offset}, in generation 3"
    )


def test_a_log_that_was_cut_and_has_grown_since_goes_on_where_it_was_read_to() -> None:
    assert elsewhere(KNOWN, found(), "because")[:2] == (3, 100)


@pytest.mark.parametrize("now", [found(begin=5, topic_id=None), found(begin=5, topic_id=b"new")])
def test_a_record_that_differs_in_what_may_be_another_topic_begins_it_anew(now: Found) -> None:
    assert elsewhere(KNOWN, now, "because") == Start(3, 5, said="because: read from its beginning, in generation 3")
