"""Quarter-hours, the smallest cells of time (domain R2)."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTER = timedelta(minutes=15)


def quarter_of(at: datetime) -> int:
    """Whole quarter-hours since 1970-01-01 UTC, rounded down (also before it)."""
    return (at - _EPOCH) // _QUARTER
