"""A token bucket: so many events a second for ever, and after a pause so many at once."""

from math import floor

_ROUNDING = 1e-6  # seconds: what sums of floats are off by is nobody's quota


class Bucket:
    """One key's. It fills by itself, so it keeps a single number: when it will be full again. `now` is monotonic."""

    __slots__ = ("_burst", "_full_at", "_rate")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._full_at = float("-inf")

    def take(self, events: int, now: float) -> float:
        """Take so many, not more than the burst: 0. Where they are not there, take none: the seconds until they are."""
        full_at = max(self._full_at, now) + events / self._rate
        wait = full_at - now - self._burst / self._rate
        if wait > _ROUNDING:
            return wait
        self._full_at = full_at
        return 0.0

    def left(self, now: float) -> int:
        """How many may come at once."""
        return floor(self._burst - max(0.0, self._full_at - now) * self._rate + _ROUNDING)

    def until(self, events: int, now: float) -> float:
        """Seconds until so many are there; not for more than the burst."""
        return max(0.0, self._full_at - now - (self._burst - events) / self._rate)
