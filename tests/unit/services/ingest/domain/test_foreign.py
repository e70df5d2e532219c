"""A foreign record is known again by its bytes, and knows when it was written."""

from datetime import UTC, datetime

import pytest

from services.ingest.domain.foreign import Foreign
from tests.unit.services.ingest.domain.records import WRITTEN, record

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_it_says_where_it_stands() -> None:
    assert record(b"x").origin == "shop.orders[3]@17"


@pytest.mark.parametrize(
    "other",
    [
        record(b"x", key=None),
        record(b"x", key=b""),
        record(None),
        record(b""),
        record(b"x", ("a", b"1")),
        record(b"x", ("a", None)),
        record(b"x", ("a", b"")),
        record(b"x", ("a1", b"")),
        record(b"x", key=b"0042x"),
    ],
)
def test_whatever_is_different_about_it_changes_its_digest(other: Foreign) -> None:
    assert other.digest() != record(b"x").digest()


def test_parts_that_only_together_have_the_same_bytes_differ() -> None:
    assert record(b"bc", key=b"a").digest() != record(b"c", key=b"ab").digest()


def test_where_it_stands_is_no_part_of_its_digest() -> None:
    assert record(b"x", offset=18, partition=0).digest() == record(b"x").digest()


def test_it_was_written_when_kafka_says() -> None:
    assert record(b"x").written_at(NOW) == datetime(2026, 6, 1, 8, 0, 0, 123_000, tzinfo=UTC)


@pytest.mark.parametrize("timestamp", [-1, WRITTEN * 1000, 2**63 - 1])
def test_a_time_that_kafka_does_not_know_or_that_is_not_yet_is_now(timestamp: int) -> None:
    assert record(b"x", timestamp=timestamp).written_at(NOW) == NOW


def test_a_header_is_found_whatever_its_case_and_only_if_it_has_a_value() -> None:
    found = record(b"x", ("Content-Type", None), ("Content-Type", b"a/b"), ("content-type", b"c/d"))
    assert found.header("content-type") == "a/b"
    assert found.header("ce_id") == ""
