"""Instants and zones as people write them in an address."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
EXPECTED = "expected a date (2026-11-24) or an instant with its offset (2026-11-24T10:00:00Z), from 1900 to 2200"

_lost_plus = re.compile(r"(T[\d:.,]+) (\d\d:?\d\d)$")


def instant(text: str, zone: ZoneInfo) -> datetime:
    """An instant in UTC; a date is the moment at which it begins in the zone. Raises ValueError with what was expected.

    A plus that an address has turned into a blank (`10:00:00 02:00`) is read as the plus that was meant.
    """
    try:
        found = _read(_lost_plus.sub(r"\1+\2", text.strip()), zone)
    except (ValueError, OverflowError):
        raise ValueError(EXPECTED) from None
    if not EARLIEST <= found <= LATEST:
        raise ValueError(EXPECTED)
    return found


def zone(name: str) -> ZoneInfo:
    """The time zone of that name. Raises ValueError with what was expected."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a path, a folder's name, an unknown name
        raise ValueError("expected an IANA time zone such as Europe/Berlin") from None


def _read(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError:
        found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)
