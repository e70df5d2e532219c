"""Since when personas are what they are: most versions of a programme change maps and leave personas alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from shared.programme.history import Version
from shared.programme.weigh.judged import judged


class Era(NamedTuple):
    """Of one version: when it begins to hold (None: since ever), and the ids of the versions since which personas are
    `judged` by the same rules, and since which all that is `told` of them is the same; 0 since the first."""

    begins_at: datetime | None = None
    judged: int = 0
    told: int = 0


FIRST = Era()


def eras(versions: Sequence[Version]) -> dict[int, Era]:
    """The era of each version, by its id; `versions` in the order in which they begin to hold."""
    found: dict[int, Era] = {}
    since = told = 0
    for before, version in zip((None, *versions), versions, strict=False):
        if before is not None:
            former, now = before.programme, version.programme
            told = told if former.personas == now.personas else version.id
            since = since if judged(former) == judged(now) else version.id
        found[version.id] = Era(version.valid_from, since, told)
    return found
