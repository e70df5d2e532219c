"""What a round of the evaluator comes to: from verdicts to moments, and what is told of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.scoring.domain.declared import Declared, MeasureKey
from services.scoring.domain.moment import ended, roll_up
from services.scoring.domain.moved import Asked, Cut, explained
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing
from services.scoring.domain.verdict import Verdict
from shared.events.told.moment import MeasureDecided, MomentDecided
from shared.metrics.worst import UNKNOWN


class MomentTold(NamedTuple):
    """What is told of a moment, and which cuts explain its measures."""

    decided: MomentDecided
    asked: tuple[Asked, ...] = ()

    def explained(self, cuts: Iterable[list[Cut]]) -> MomentDecided:
        """With what was before, and who moved most; `cuts` as they were asked for."""
        measures = list(self.decided.measures)
        for one, found in zip(self.asked, cuts, strict=True):
            measures[one.place] = explained(measures[one.place], one.measure, found)
        return msgspec.structs.replace(self.decided, measures=tuple(measures))


class Outcome(NamedTuple):
    """The moments that were decided, those that are gone, and what is told."""

    moments: dict[MomentKey, MomentStanding]
    gone: list[MomentKey]
    told: list[MomentTold]


class Touched(NamedTuple):
    """Moments of which a measure was decided in a round, has changed its status, or is gone from the map."""

    decided: set[MomentKey]
    changed: set[MomentKey]
    lost: set[MomentKey]


def conclude(
    measures: Iterable[Declared],
    standings: Mapping[MeasureKey, Standing],
    moments: Mapping[MomentKey, MomentStanding],
    concerned: Touched,
    at: datetime,
    *,
    programme: int,
) -> Outcome:
    """Roll up what is concerned; tell of moments whose own status or that of a measure is another than before.

    `standings` are as this round leaves them. A moment whose measures are all new on the same map stays as it was.
    """
    found: dict[MomentKey, list[tuple[Declared, MeasureDecided]]] = {}
    majors: dict[MomentKey, int] = {}
    for measure in measures:
        majors[moment_of(measure)] = measure.journey.major
        told = standings[measure.key].told if measure.key in standings else None
        if told is not None:
            found.setdefault(moment_of(measure), []).append((measure, told))
    over = {key for key, known in moments.items() if majors.get(key) != known.major}
    outcome = Outcome({}, [], [])
    outcome.told.extend(
        MomentTold(ended(key, moments[key], at, programme=programme, on_map=key in majors))
        for key in sorted(over)
        if moments[key].status != UNKNOWN
    )
    for key in sorted(found.keys() & (concerned.decided | concerned.lost)):
        known = None if key in over else moments.get(key)
        rolled = roll_up(found[key], known, at, programme=programme)
        outcome.moments[key] = rolled.standing
        moved = rolled.standing.status != (known.status if known else UNKNOWN)
        if moved or key in concerned.changed or key in concerned.lost - over:
            outcome.told.append(MomentTold(rolled.told, _asked(found[key], standings, at)))
    outcome.gone.extend(over - outcome.moments.keys())
    return outcome


def _asked(
    told: Iterable[tuple[Declared, MeasureDecided]], standings: Mapping[MeasureKey, Standing], at: datetime
) -> tuple[Asked, ...]:
    """What stands beside a figure is of its own tick, which may have been hours ago."""
    return tuple(
        Asked(place, measure, one.scale or "", standings[measure.key].looked_at or at)
        for place, (measure, one) in enumerate(told)
    )


def moment_of(measure: Declared) -> MomentKey:
    """The moment that a measure belongs to."""
    return MomentKey(measure.key.journey, measure.key.touchpoint)


def touched(verdicts: Iterable[Verdict], gone: Iterable[MeasureKey]) -> Touched:
    """What these verdicts, and measures that are on no map any more, concern."""
    found = Touched(set(), set(), {MomentKey(key.journey, key.touchpoint) for key in gone})
    for verdict in verdicts:
        found.decided.add(moment_of(verdict.measure))
        if verdict.changed:
            found.changed.add(moment_of(verdict.measure))
    return found


def held(standings: Mapping[MeasureKey, Standing], due: Iterable[Declared], at: datetime) -> dict[MeasureKey, Standing]:
    """The measures that are due and have to wait, each with the instant since when."""
    found = {}
    for measure in due:
        known = standings.get(measure.key) or Standing(since=at)
        if known.held_since is None:
            found[measure.key] = msgspec.structs.replace(known, held_since=at)
    return found
