"""Whether a bridge reads steadily: one that fails at the same record begins again every few seconds and reads none."""

from datetime import datetime, timedelta

STEADY = timedelta(seconds=30)
"""A run that lasts shorter is no sign that anything was mended."""


class Steadiness:
    """Of one bridge, from when it is connected."""

    def __init__(self, now: datetime) -> None:
        self._fails_since = now
        self._reads_since: datetime | None = None

    def reads(self, now: datetime) -> None:
        """It begins to read."""
        self._reads_since = now

    def fails(self, now: datetime) -> None:
        """Its run ended, for whatever reason."""
        self._fails_since = self.fails_since(now) or now
        self._reads_since = None

    def fails_since(self, now: datetime) -> datetime | None:
        """Since when it has not been read steadily; None where it is."""
        if self._reads_since is not None and now - self._reads_since >= STEADY:
            return None
        return self._fails_since
