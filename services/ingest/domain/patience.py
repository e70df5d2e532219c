"""How long a provider's API is asked again for what a notice announces, and when it is given up."""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

LONGEST = timedelta(days=3)
ABSENT = timedelta(hours=1)  # an answer may be announced before it can be read
SILENT_SECONDS = 30.0
RESTED_SECONDS = 3600.0


class Failure(msgspec.Struct, frozen=True):
    """Why an answer did not come: a sentence; the API's status, None where there was none; what it asked for; whether
    the API said nothing at all, in all the time it had."""

    says: str
    status: int | None = None
    retry_after: float | None = None
    silent: bool = False

    @property
    def absent(self) -> bool:
        """Whether the API says that what was announced is not there."""
        return self.status in (404, 410)

    @property
    def rests(self) -> float | None:
        """For how many seconds the API wants to be left alone, whatever it is asked for; None if it does not say so."""
        if self.status == 429 or (self.status == 503 and self.retry_after is not None):
            return min(RESTED_SECONDS, self.retry_after or 60.0)
        return SILENT_SECONDS if self.silent else None


class Later(NamedTuple):
    """Ask again in so many seconds."""

    seconds: float


class GivenUp(NamedTuple):
    """Ask no more; the notice goes to the quarantine with this sentence."""

    says: str


def after(failure: Failure, *, tries: int, age: timedelta, absent: timedelta | None) -> Later | GivenUp:
    """What follows the try number `tries` (from 1) of a notice that is asked for since `age`, and that was said not to
    be there since `absent` (None: never before).

    An API that is away or does not let us in is asked for three days, because somebody will mend it; what it says is
    not there, for an hour from when it first said so; what it calls wrong is not asked again.
    """
    status = failure.status
    if age > LONGEST:
        return GivenUp(f"for three days it could not be fetched: {failure.says}")
    if failure.rests is not None and not failure.silent:
        return Later(failure.rests)
    if status in (401, 403):
        return Later(min(3600.0, 60.0 * 2.0 ** min(tries - 1, 6)))
    if failure.absent:
        if absent is not None and absent >= ABSENT:
            return GivenUp(f"what it announces is not there: {failure.says}")
        return Later(min(900.0, 10.0 * 2.0 ** min(tries - 1, 7)))
    if status is None or status >= 500 or status in (408, 425):
        return Later(min(900.0, 5.0 * 2.0 ** min(tries - 1, 8)))
    return GivenUp(f"it cannot be fetched: {failure.says}")


class Resting:
    """Sources whose API wants to be left alone: nothing of theirs is asked for meanwhile, and no try is counted."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def note(self, source: str, failure: Failure, now: datetime) -> None:
        """Let it rest if that is what the failure asks for."""
        if failure.rests is not None:
            self._until[source] = now + timedelta(seconds=failure.rests)

    def at(self, now: datetime) -> set[str]:
        """Those that rest."""
        self._until = {source: until for source, until in self._until.items() if until > now}
        return set(self._until)
