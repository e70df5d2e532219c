"""What a question asks for: what was made up is refused before anybody asks the database."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.alerts.domain.asked import Cursor, Unreadable, cursor, word, written

AT = "2026-11-25T14:05:00+01:00"


def test_a_cursor_comes_back_as_it_was_written() -> None:
    id = UUID(int=7)
    found = cursor(written(Cursor(AT, str(id))))
    assert found is not None
    assert (found.instant, found.uuid) == (datetime(2026, 11, 25, 13, 5, tzinfo=UTC), id)
    assert Cursor("", str(2**63 - 1)).position == 2**63 - 1
    assert cursor(None) is None


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-25T14:05:00", "0001-01-01T00:00:00+14:00"])
def test_an_instant_that_was_made_up_is_refused(at: str) -> None:
    with pytest.raises(Unreadable):
        _ = Cursor(at, "x").instant


@pytest.mark.parametrize("id", ["", "x", "-1", "²", "1.5", str(2**63), "9" * 5_000])
def test_a_position_that_no_delivery_can_have_is_refused(id: str) -> None:
    with pytest.raises(Unreadable):
        _ = Cursor("", id).position


def test_an_id_that_is_none_is_refused() -> None:
    with pytest.raises(Unreadable):
        _ = Cursor(AT, "x").uuid
    with pytest.raises(Unreadable):
        cursor(written(Cursor(AT, "a\0")))
    with pytest.raises(Unreadable):
        word("customer", "a\0")
