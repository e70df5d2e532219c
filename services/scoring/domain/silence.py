"""Who has fallen silent: a source or a touchpoint of which nothing has come for three times its longest pause."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from services.scoring.domain.ledger import TimelineRow
from shared.events.told.trouble import TroubleTold
from shared.metrics.span import beginning_of, quarter_of
from shared.programme.durations import written

SOURCE, TOUCHPOINT = "source", "touchpoint"
KINDS = ("silent-source", "silent-touchpoint")

TIMES = 3
FOUR_WEEKS = 28 * 96
_A_DAY = 96  # quarters: whoever is known for less than four weeks has not shown his longest pause yet
_LONGEST_NAME = 255

Voice = tuple[str, str, int]
"""(kind, name, quarter): in this quarter-hour something came from a source, or for `journey/touchpoint`."""


class Heard(NamedTuple):
    """A voice in the four weeks up to when it spoke last, in quarters: `first` of all that is known, the `last`, and
    from one to the next the `longest` pause."""

    kind: str
    name: str
    first: int
    last: int
    longest: int


def voices(timeline: Iterable[TimelineRow]) -> set[Voice]:
    """Who speaks in these rows, and when it was received: what a feed sends by night is not silent by day."""
    found = set()
    for source, journey, touchpoint, received_at in {(row[5], row[7], row[8], row[2]) for row in timeline}:
        quarter = quarter_of(received_at)
        found.add((SOURCE, source[:_LONGEST_NAME], quarter))
        if touchpoint is not None:
            found.add((TOUCHPOINT, f"{journey}/{touchpoint}", quarter))
    return found


def silent(
    heard: Iterable[Heard], at: datetime, *, touchpoints: Mapping[str, str], owner: str | None
) -> list[TroubleTold]:
    """The troubles of those that are silent at `at`. `touchpoints` are the names of those that are on a map."""
    return [_trouble(one, touchpoints.get(one.name, one.name), owner) for one in quiet(heard, at, touchpoints)]


def quiet(heard: Iterable[Heard], at: datetime, touchpoints: Mapping[str, str]) -> list[Heard]:
    """Those of them that are silent."""
    known = (one for one in heard if one.kind == SOURCE or one.name in touchpoints)
    return [one for one in known if quarter_of(at) - one.last > TIMES * _pause(one)]


def off_the_map(troubles: Iterable[str], touchpoints: Mapping[str, str]) -> set[str]:
    """Which of these troubles are the silence of a touchpoint that is on no map any more."""
    prefix = f"silent-{TOUCHPOINT}/"
    return {name for name in troubles if name.startswith(prefix) and name.removeprefix(prefix) not in touchpoints}


def _pause(heard: Heard) -> int:
    young = heard.last - heard.first < FOUR_WEEKS
    return max(heard.longest, _A_DAY if young else 1)


def _trouble(heard: Heard, name: str, owner: str | None) -> TroubleTold:
    since = beginning_of(heard.last + 1)
    speaks = "has sent nothing" if heard.kind == SOURCE else "has seen nothing"
    return TroubleTold(
        trouble=f"silent-{heard.kind}/{heard.name}",
        kind="silent-source" if heard.kind == SOURCE else "silent-touchpoint",
        what=name,
        says=f"{name} {speaks} since {since:%Y-%m-%d %H:%M} UTC, more than three times its longest pause of four weeks"
        f" ({written(_pause(heard) * 900)}). Look whether it still runs; if it is gone for good, leave it.",
        since=since,
        owner=owner,
    )
