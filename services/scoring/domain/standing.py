"""How a measure and a moment stand between two rounds of the evaluator."""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from services.scoring.domain.declared import Declared
from services.scoring.domain.status import State
from shared.events.told.moment import MeasureDecided
from shared.metrics.worst import UNKNOWN
from shared.programme.owner import Receiver


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A measure as it was decided last. `looked_at` is the last tick, `since` when it took its status; `held_since`
    since when its tick waits for scoring to catch up. `told` is what was last known of it, for its moment's message."""

    state: State = State()
    since: datetime
    looked_at: datetime | None = None
    initial: bool = False
    incomplete: bool = False
    held_since: datetime | None = None
    told: MeasureDecided | None = None


class MomentKey(NamedTuple):
    """A moment of truth, whatever its map's version."""

    journey: str
    touchpoint: str


class MomentStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of truth as it was told last, with its names: they are told once more when it is on no map. `notify` is
    where its owner was told then; None where that was not kept yet."""

    major: int
    journey_name: str = ""
    touchpoint_name: str = ""
    perspective: str = "customer"
    status: str = UNKNOWN
    since: datetime
    decided_at: datetime | None = None
    owner: str
    notify: tuple[Receiver, ...] | None = None
    initial: bool = False
    incomplete: bool = False


def put_off(standing: Standing) -> bool:
    """Whether its first decision still waits until the counts are complete and settled."""
    return standing.state.status == UNKNOWN and standing.held_since is not None and not standing.incomplete


def waits(standing: Standing) -> bool:
    """Whether its tick has come and could not be decided."""
    if standing.held_since is None:
        return False
    return standing.looked_at is None or standing.looked_at < standing.held_since or put_off(standing)


def due(measure: Declared, standing: Standing | None, at: datetime, *, unknown_every: timedelta) -> bool:
    """Whether the measure's tick has come: one that is not known is looked at more often."""
    if standing is None or standing.looked_at is None:
        return True
    every = measure.measure.every
    pause = min(unknown_every, every) if standing.state.status == UNKNOWN else every
    return at - standing.looked_at >= pause
