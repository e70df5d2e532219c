"""What the programme's admin should hear of: begun, and over, each once."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.scoring.domain.standing import Standing
from shared.events.told.trouble import TroubleTold

HELD = "held"


class News(NamedTuple):
    """Troubles that began, and those that are over: what is told of them."""

    begun: list[TroubleTold]
    over: list[TroubleTold]


def held(
    known: TroubleTold | None, late: Sequence[Standing], *, caught_up: bool, owner: str | None
) -> TroubleTold | None:
    """The trouble of an evaluator that goes on without complete counts. It begins with `late`, what this round has
    decided so, and lasts until scoring has `caught_up` and no history comes any more, whoever has his next tick
    tomorrow: history that trickles in is one trouble and not one a measure."""
    if known is not None and not caught_up:
        return known
    if not late:
        return None
    many = f"{len(late)} measures are" if len(late) > 1 else "A measure is"
    return TroubleTold(
        trouble=HELD,
        kind="held",
        what="scoring",
        says=f"{many} decided by what is known so far: scoring is behind, or history is still being sent. `voc status` "
        "and scoring's /readyz say what it waits for.",
        since=min((one.held_since for one in late if one.held_since is not None), default=late[0].since),
        owner=owner,
    )


def news(before: Mapping[str, TroubleTold], now: Iterable[TroubleTold], *, removed: Container[str] = ()) -> News:
    """What is to be told, where `before` are the troubles that last and were told; those of what was `removed` from the
    map are over for that reason."""
    lasting = {one.trouble: one for one in now}
    over = [_ended(one, removed=name in removed) for name, one in before.items() if name not in lasting]
    return News([one for name, one in lasting.items() if name not in before], over)


def _ended(told: TroubleTold, *, removed: bool) -> TroubleTold:
    """What is told at the end says what is so now, not what was wrong."""
    says = f"{told.what} is heard again."
    if told.kind == "held":
        says = "Everything that was sent is counted, and measures are decided by all of it again."
    elif removed:
        says = f"{told.what} is on no map any more, so nobody listens for it."
    return msgspec.structs.replace(told, says=says, over=True, removed=removed)


def id_of(told: TroubleTold, at: datetime) -> str:
    """The id of the event that tells of it at `at`."""
    return f"{told.trouble}:{'over' if told.over else 'begun'}:{at.isoformat()}"
