"""Places in a timeline, written and read back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insights.domain.cursor import BEGINNING, Place, read, write

PLACES = st.builds(Place, st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**63 - 1))


@given(PLACES)
def test_a_place_reads_back(place: Place) -> None:
    assert read(write(place)) == place


@given(PLACES)
def test_a_cursor_needs_no_escaping_in_an_address(place: Place) -> None:
    assert all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in write(place))


def test_the_beginning_is_before_everything() -> None:
    assert Place(datetime(2026, 5, 1, tzinfo=UTC), 5) < BEGINNING
    assert read(write(BEGINNING)) == BEGINNING


@given(st.text(max_size=40))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the `next` of an earlier answer"):
        read(f"{text}!")


@pytest.mark.parametrize(
    "text", ["", "1", "é", "bnVsbA", "W10", "WzEsMl0=x", "WzEsLTFd", "WzEsOTIyMzM3MjAzNjg1NDc3NTgwOF0", "WzFlOTksMV0"]
)
def test_what_is_no_cursor(text: str) -> None:
    with pytest.raises(ValueError, match="next"):
        read(text)
