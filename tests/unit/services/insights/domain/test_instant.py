"""Instants in an address."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insights.domain.instant import EARLIEST, LATEST, instant, zone

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01", datetime(2026, 4, 30, 22, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        (" 2026-05-01T10:00:00Z ", datetime(2026, 5, 1, 10, tzinfo=UTC)),
        ("2026-05-01T10:00:00+02:00", datetime(2026, 5, 1, 8, tzinfo=UTC)),
        ("2026-05-01T10:00:00 02:00", datetime(2026, 5, 1, 8, tzinfo=UTC)),  # what an address makes of a plus
        ("2026-05-01T10:00-0330", datetime(2026, 5, 1, 13, 30, tzinfo=UTC)),
        ("2026-05-01T10:00:00.123456Z", datetime(2026, 5, 1, 10, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_dates_begin_in_the_zone_and_instants_say_theirs(text: str, expected: datetime) -> None:
    assert instant(text, BERLIN) == expected
    assert instant(text, BERLIN).tzinfo is UTC


@given(st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None), timezones=st.just(UTC)))
def test_what_is_written_reads_back(at: datetime) -> None:
    assert instant(at.isoformat(), BERLIN) == instant(at.astimezone(BERLIN).isoformat(), BERLIN) == at


@given(st.one_of(st.text(), st.from_regex(r"\d{1,5}-\d\d-\d\d(T\d\d:\d\d(Z|[+-]\d\d:\d\d)?)?", fullmatch=True)))
def test_anything_is_an_instant_of_these_centuries_or_refused(text: str) -> None:
    found = None
    with suppress(ValueError):
        found = instant(text, BERLIN)
    assert found is None or EARLIEST <= found <= LATEST


@pytest.mark.parametrize(
    "text", ["", "now", "2026-05-01T10:00:00", "2026-13-01", "1899-12-31", "9999-12-31", "0001-01-01", "1714550400"]
)
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match="expected a date"):
        instant(text, BERLIN)


@pytest.mark.parametrize("name", ["", "Berlin", "../etc/passwd", "/etc/passwd", "Europe", "Europe/Ber\0lin", "+02:00"])
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="IANA time zone"):
        zone(name)
