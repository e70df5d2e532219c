"""A promised instant: with an offset it is that instant, a bare date means the end of that day in the zone given."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# Years that stand for "no date" elsewhere (0001, 9999) are refused; within these, sums with a delay do not overflow.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
TOO_LATE = datetime(3000, 1, 1, tzinfo=UTC)


def promised_instant(text: str, zone: ZoneInfo | None = None) -> datetime | None:
    """The instant a promise is due, in UTC; None where the text is neither an instant with an offset nor a date, or
    not in the years 1900 to 2999.

    The end of a day is one microsecond before the next one begins: days of 23 and 25 hours are right, and a miss counts
    on the day that was promised.
    """
    return _day(text, zone) if len(text) == 10 else _instant(text, zone)


def _instant(text: str, zone: ZoneInfo | None) -> datetime | None:
    try:
        instant = _end_of(date.fromisoformat(text), zone) if len(text) == 10 else datetime.fromisoformat(text)
        if instant.tzinfo is None:
            return None
        instant = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if EARLIEST <= instant < TOO_LATE else None


def _end_of(day: date, zone: ZoneInfo | None) -> datetime:
    begin = datetime.combine(day + timedelta(days=1), time(), zone or UTC)
    return begin.astimezone(UTC) - timedelta(microseconds=1)


_day = lru_cache(maxsize=4096)(_instant)  # most promises are of the same few days; anew, each costs the door 2 µs
