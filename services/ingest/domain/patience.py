"""How long a provider's API is asked again for what a notice announces, and when it is given up."""

from datetime import timedelta
from typing import NamedTuple

import msgspec

LONGEST = timedelta(days=3)
ABSENT_TRIES = 8  # about an hour: an answer may be announced before it can be read


class Failure(msgspec.Struct, frozen=True):
    """Why an answer did not come: the API's status, None where there was none; what it asked for; a sentence."""

    says: str
    status: int | None = None
    retry_after: float | None = None


class Later(NamedTuple):
    """Ask again in so many seconds."""

    seconds: float


class GivenUp(NamedTuple):
    """Ask no more; the notice goes to the quarantine with this sentence."""

    says: str


def after(failure: Failure, *, tries: int, age: timedelta) -> Later | GivenUp:
    """What follows the try number `tries` (from 1) of a notice that is `age` old.

    An API that is away or does not let us in is asked for three days, because somebody will mend it; what it says is
    not there, for an hour; what it calls wrong is not asked again.
    """
    status = failure.status
    if age > LONGEST:
        return GivenUp(f"for three days it could not be fetched: {failure.says}")
    if status == 429 or (status == 503 and failure.retry_after is not None):
        return Later(min(3600.0, failure.retry_after or 60.0))
    if status in (401, 403):
        return Later(min(3600.0, 60.0 * 2.0 ** min(tries - 1, 6)))
    if status in (404, 410):
        if tries >= ABSENT_TRIES:
            return GivenUp(f"what it announces is not there: {failure.says}")
        return Later(min(900.0, 10.0 * 2.0 ** min(tries - 1, 7)))
    if status is None or status >= 500 or status in (408, 425):
        return Later(min(900.0, 5.0 * 2.0 ** min(tries - 1, 8)))
    return GivenUp(f"it cannot be fetched: {failure.says}")
