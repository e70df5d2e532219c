"""How often Slack lets itself be called: a bucket a method, for messages one a channel."""

import math
from collections.abc import Callable

import msgspec


class Rate(msgspec.Struct, frozen=True):
    """So many a second in the long run, and so many at once."""

    per_second: float
    burst: int


MESSAGES = Rate(1.0, 3)
"""`chat.postMessage`: one a second and channel; Slack tolerates short bursts without saying how long, here three."""
TIER_2, TIER_3 = Rate(20 / 60, 20), Rate(50 / 60, 50)
METHODS = {
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.open": TIER_3,
    "conversations.list": TIER_2,
}


class Pace:
    """The buckets. `on` False: nobody is slowed down, for tests that are about something else."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._filled: dict[str, tuple[float, float]] = {}
        self.on = True

    def wait(self, method: str, channel: str | None) -> int:
        """Takes one; 0, or the whole seconds after which there is one again."""
        rate = MESSAGES if method == "chat.postMessage" else METHODS.get(method)
        if rate is None or not self.on:
            return 0
        key = f"{method} {channel}" if rate is MESSAGES else method
        now = self._clock()
        level, at = self._filled.get(key, (float(rate.burst), now))
        level = min(rate.burst, level + (now - at) * rate.per_second)
        if level < 1:
            self._filled[key] = (level, now)
            return max(1, math.ceil((1 - level) / rate.per_second))
        self._filled[key] = (level - 1, now)
        return 0
