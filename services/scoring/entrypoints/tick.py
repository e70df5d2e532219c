"""What an evaluator finds at an instant: the programme that holds then, how everything stands, and what is due."""

from datetime import datetime, timedelta
from typing import NamedTuple

from services.scoring.adapters.statuses import StatusRound
from services.scoring.domain.declared import Declared, MeasureKey, declared
from services.scoring.domain.former import gone, readdressed
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing, due
from services.scoring.settings import StatusSettings
from shared.programme.history import Version


class Tick(NamedTuple):
    """One round's instant, the programme that holds then, what is known before it, and what is due."""

    at: datetime
    version: Version
    measures: list[Declared]
    standings: dict[MeasureKey, Standing]
    moments: dict[MomentKey, MomentStanding]
    due: list[Declared]

    @property
    def anything(self) -> bool:
        """Whether there is anything to be decided, or to be told."""
        return bool(self.due or gone(self.standings, self.measures) or readdressed(self.moments, self.measures))


async def read_tick(turn: StatusRound, version: Version, at: datetime, settings: StatusSettings) -> Tick:
    """All of it, as the transaction of `turn` sees it."""
    measures = list(declared(version.programme))
    standings, moments = await turn.measures(), await turn.moments()
    every = timedelta(seconds=settings.scoring_unknown_seconds)
    now_due = [one for one in measures if due(one, standings.get(one.key), at, unknown_every=every)]
    return Tick(at, version, measures, standings, moments, now_due)
