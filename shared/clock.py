"""The one place that asks what time it is; decisions get the instant handed in."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)
