"""A promised instant: with an offset it is that instant, a bare date means the end of that day in the zone given."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def promised_instant(text: str, zone: ZoneInfo | None = None) -> datetime | None:
    """The instant a promise is due, in UTC; None where the text is neither an instant with an offset nor a date.

    The end of a day is one microsecond before the next one begins: days of 23 and 25 hours are right, and a miss counts
    on the day that was promised.
    """
    try:
        if len(text) == 10:
            next_day = date.fromisoformat(text) + timedelta(days=1)
            return (datetime.combine(next_day, time(), zone or UTC)).astimezone(UTC) - timedelta(microseconds=1)
        instant = datetime.fromisoformat(text)
        return None if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
