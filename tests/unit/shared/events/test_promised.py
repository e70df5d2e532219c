"""When a promise is due: days of 23, 24 and 25 hours, and texts that are no date."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.promised import EARLIEST, TOO_LATE, promised_instant

BERLIN = ZoneInfo("Europe/Berlin")
MICROSECOND = timedelta(microseconds=1)
ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/Sao_Paulo",
        "America/Havana",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "UTC",
    ]
).map(ZoneInfo)


@pytest.mark.parametrize(
    ("text", "zone", "due"),
    [
        ("2026-11-24", "Europe/Berlin", "2026-11-24T22:59:59.999999+00:00"),
        ("2026-06-24", "Europe/Berlin", "2026-06-24T21:59:59.999999+00:00"),
        ("2026-03-29", "Europe/Berlin", "2026-03-29T21:59:59.999999+00:00"),  # 23 hours long
        ("2026-10-25", "Europe/Berlin", "2026-10-25T22:59:59.999999+00:00"),  # 25 hours long
        ("2026-11-24", "America/New_York", "2026-11-25T04:59:59.999999+00:00"),
        ("2026-11-24", "Asia/Tokyo", "2026-11-24T14:59:59.999999+00:00"),
        ("2024-02-29", "UTC", "2024-02-29T23:59:59.999999+00:00"),
        ("2024-02-28", "UTC", "2024-02-28T23:59:59.999999+00:00"),
        ("2026-12-31", "Pacific/Kiritimati", "2026-12-31T09:59:59.999999+00:00"),
        ("2018-11-03", "America/Sao_Paulo", "2018-11-04T02:59:59.999999+00:00"),  # the next day begins at 01:00
        ("2011-12-29", "Pacific/Apia", "2011-12-30T09:59:59.999999+00:00"),  # and the next day never was
        ("2026-10-31", "America/Havana", "2026-11-01T03:59:59.999999+00:00"),  # the next day has 00:30 twice
    ],
)
def test_a_bare_date_is_the_end_of_that_day(text: str, zone: str, due: str) -> None:
    assert promised_instant(text, ZoneInfo(zone)) == datetime.fromisoformat(due)


def test_without_a_zone_a_day_is_utcs() -> None:
    assert promised_instant("2026-11-24") == datetime(2026, 11, 25, tzinfo=UTC) - MICROSECOND


@given(day=st.dates(date(1970, 1, 2), date(2099, 12, 30)), zone=ZONES)
def test_a_microsecond_later_is_another_day_and_no_later_day_is_due_before(day: date, zone: ZoneInfo) -> None:
    due = promised_instant(day.isoformat(), zone)
    following = promised_instant((day + timedelta(days=1)).isoformat(), zone)
    assert due is not None
    assert following is not None
    assert due.astimezone(zone).date() <= day < (due + MICROSECOND).astimezone(zone).date()
    assert due <= following
    assert due.tzinfo is UTC


@given(micros=st.integers(-(10**15), 10**16), minutes=st.integers(-14 * 60, 14 * 60))
def test_with_an_offset_it_is_that_instant_in_any_zone(micros: int, minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    instant = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).astimezone(zone)
    assert promised_instant(instant.isoformat(), BERLIN) == promised_instant(instant.isoformat()) == instant


@pytest.mark.parametrize("text", ["2026-11-24T17:00:00Z", "2026-11-24T18:00:00+01:00", "2026-11-24 17:00+00:00"])
def test_ways_to_write_an_instant(text: str) -> None:
    assert promised_instant(text, BERLIN) == datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "24.11.2026", "2026-11", "20261124", "1764000000", "2026-11-24\n", " 2026-11-2", "-026-11-24"),
        *("2026-11-24T17:00:00", "2026-02-29", "2026-13-01", "٢٠٢٦-١١-٢٤"),
        *("0001-01-01", "1899-12-30", "3000-01-01", "9999-12-31"),
        *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert promised_instant(text, BERLIN) is None


@given(text=st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z))?", fullmatch=True))
def test_any_text_is_an_instant_within_bounds_or_none(text: str) -> None:
    due = promised_instant(text, BERLIN)
    assert due is None or EARLIEST <= due < TOO_LATE
