"""How a measure stands for its readers: as scoring has decided it, and not known when scoring has stopped deciding."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from services.insights.domain import shapes
from services.insights.domain.wanted import scale_id_of
from shared.metrics.worst import UNKNOWN
from shared.programme.model import Journey, Measure

MOST_TICKS = 2
"""So many ticks may pass without a decision; then the last one is no longer shown."""


class MeasureKey(NamedTuple):
    """What tells a measure from all others; `stat` and `scale` are None where the map names none."""

    journey: str
    major: int
    touchpoint: str
    metric: str
    stat: str | None
    scale: str | None
    window: int


class MomentKey(NamedTuple):
    """A moment of truth on its map."""

    journey: str
    major: int
    touchpoint: str


class MeasureRow(NamedTuple):
    """A measure as it was decided last. `held_since`: since when a decision waits for scoring to catch up."""

    status: str
    since: datetime | None
    decided_at: datetime | None
    initial: bool
    incomplete: bool
    held_since: datetime | None


class Decided(NamedTuple):
    """What was decided, and when an evaluator has last looked; None: never, or nobody knows."""

    beat: datetime | None = None
    measures: Mapping[MeasureKey, MeasureRow] = {}
    moments: Mapping[MomentKey, datetime | None] = {}


class Standing(NamedTuple):
    """How a measure stands now. A stale one has no status, whatever was decided before."""

    status: shapes.Status = "unknown"
    since: datetime | None = None
    decided_at: datetime | None = None
    initial: bool = False
    incomplete: bool = False
    held_since: datetime | None = None
    stale: bool = False


class Judge(NamedTuple):
    """Judges what was decided at an instant; `patience` is how long an evaluator may be silent, `held` how long it
    waits for a scoring that is behind."""

    decided: Decided
    now: datetime
    patience: timedelta
    held: timedelta

    def of(self, journey: Journey, touchpoint: str, measure: Measure) -> Standing:
        """How a measure of the map stands."""
        row = self.decided.measures.get(_key(journey, touchpoint, measure))
        if row is None:
            return Standing(stale=self._silent())
        if self._silent() or self._overdue(row, measure):
            return Standing(decided_at=row.decided_at, held_since=row.held_since, stale=True)
        status = msgspec.convert(row.status, shapes.Status)
        return Standing(status, row.since, row.decided_at, row.initial, row.incomplete, row.held_since)

    def decided_at(self, journey: Journey, touchpoint: str) -> datetime | None:
        """When a moment of truth was decided last."""
        return self.decided.moments.get(MomentKey(journey.journey, journey.major, touchpoint))

    def _silent(self) -> bool:
        """A beat from the future says nothing: it is of a clock that was wrong."""
        return self.decided.beat is None or abs(self.now - self.decided.beat) > self.patience

    def _overdue(self, row: MeasureRow, measure: Measure) -> bool:
        """Whether its ticks pass without a decision; one that is held waits longer, and not for ever."""
        if row.decided_at is None or row.status == UNKNOWN:
            return False
        waits = timedelta() if row.held_since is None else self.held
        return self.now - row.decided_at > MOST_TICKS * measure.every + waits + self.patience


def with_standing(measure: shapes.Measure, standing: Standing) -> shapes.Measure:
    """The figure with its status."""
    return msgspec.structs.replace(measure, **standing._asdict())


def _key(journey: Journey, touchpoint: str, measure: Measure) -> MeasureKey:
    scale = scale_id_of(measure)
    return MeasureKey(journey.journey, journey.major, touchpoint, measure.metric, measure.stat, scale, measure.window)
