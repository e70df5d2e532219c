"""What the programme's admin should hear of: begun, and over, each once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.scoring.domain.declared import MeasureKey
from services.scoring.domain.standing import Standing
from shared.events.told.trouble import TroubleTold

HELD = "held"


class News(NamedTuple):
    """Troubles that began, and those that are over: what is told of them."""

    begun: list[TroubleTold]
    over: list[TroubleTold]


def held(standings: Mapping[MeasureKey, Standing], *, owner: str | None) -> TroubleTold | None:
    """The trouble of an evaluator that has gone on without complete counts; None while all is decided in time."""
    late = [one.held_since for one in standings.values() if one.incomplete and one.held_since is not None]
    if not late:
        return None
    return TroubleTold(
        trouble=HELD,
        kind="held",
        what="scoring",
        says=f"Scoring is behind, and {len(late)} measures are decided by what is known so far. `voc status` and "
        "scoring's /readyz say what it waits for.",
        since=min(late),
        owner=owner,
    )


def news(before: Mapping[str, TroubleTold], now: Iterable[TroubleTold]) -> News:
    """What is to be told, where `before` are the troubles that last and were told."""
    lasting = {one.trouble: one for one in now}
    over = [msgspec.structs.replace(one, over=True) for name, one in before.items() if name not in lasting]
    return News([one for name, one in lasting.items() if name not in before], over)


def id_of(told: TroubleTold, at: datetime) -> str:
    """The id of the event that tells of it at `at`."""
    return f"{told.trouble}:{'over' if told.over else 'begun'}:{at.isoformat()}"
