"""Until when a key holds, as it is typed: `90d` from now, a date to its end in UTC, or an instant with an offset."""

from datetime import UTC, date, datetime, time, timedelta

from shared.programme.durations import seconds

EXPIRES = "a duration such as 90d, a date (2027-03-31: to its end in UTC) or an instant with an offset, in the future"


def expiry(text: str, now: datetime) -> datetime:
    """The instant. Raises ValueError with what was expected."""
    found = _instant(text.strip(), now)
    if found is None or found <= now:
        raise ValueError(f"expected {EXPIRES}; found {text!r}")
    return found.astimezone(UTC)


def _instant(text: str, now: datetime) -> datetime | None:
    try:
        return now + timedelta(seconds=seconds(text))
    except ValueError:
        pass
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), UTC)
        instant = datetime.fromisoformat(text)
        return instant if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
