"""How long to wait before the next attempt, and when to give up."""

from datetime import datetime, timedelta

import msgspec

FIRST = timedelta(seconds=1)
LONGEST = timedelta(seconds=60)
JITTER = 0.2
LOOK_AGAIN = timedelta(seconds=5)
"""An unclear message is looked for after this long at the earliest: a late one must have had its time to arrive."""
SELDOM = timedelta(minutes=15)
"""How long who refuses everything is left alone: somebody has to mend it first."""
RARELY = timedelta(hours=1)
"""The same where patience is over and what is to be said is still so."""


class Patience(msgspec.Struct, frozen=True):
    """`give_up_after` counts from the first attempt."""

    give_up_after: timedelta

    def given_up(self, first_tried_at: datetime, now: datetime) -> bool:
        return now >= first_tried_at + self.give_up_after


def wait(tries: int, chance: float) -> timedelta:
    """The time before attempt `tries` + 1: a second, doubled each time up to a minute, up to a fifth more or less.

    `chance` is 0…1.
    """
    whole: timedelta = min(FIRST * int(2 ** min(tries - 1, 10)), LONGEST)
    return whole * (1 + JITTER * (2 * chance - 1))


def look_again(tries: int, chance: float) -> timedelta:
    """The time before an unclear message is looked for."""
    return max(LOOK_AGAIN, wait(tries, chance))
