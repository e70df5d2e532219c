"""What a round of the evaluator comes to: from verdicts to moments, and what is told of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.scoring.domain.declared import Declared, MeasureKey
from services.scoring.domain.moment import removed, roll_up
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing
from services.scoring.domain.verdict import Verdict
from shared.events.told.moment import MeasureDecided, MomentDecided
from shared.metrics.worst import UNKNOWN


class Outcome(NamedTuple):
    """The moments that were decided, those that are gone, and what is told."""

    moments: dict[MomentKey, MomentStanding]
    gone: list[MomentKey]
    told: list[MomentDecided]


class Touched(NamedTuple):
    """Moments of which a measure was decided in a round, and those of which one has changed or gone."""

    decided: set[MomentKey]
    changed: set[MomentKey]


def conclude(
    measures: Iterable[Declared],
    standings: Mapping[MeasureKey, Standing],
    moments: Mapping[MomentKey, MomentStanding],
    touched: Touched,
    at: datetime,
    *,
    programme: int,
) -> Outcome:
    """Roll up what is touched; tell of moments whose own status or that of a measure is another than before.

    `standings` are as this round leaves them.
    """
    found: dict[MomentKey, list[tuple[Declared, MeasureDecided]]] = {}
    for measure in measures:
        told = standings[measure.key].told if measure.key in standings else None
        if told is not None:
            found.setdefault(moment_of(measure), []).append((measure, told))
    outcome = Outcome({}, [key for key in moments if key not in found], [])
    for key in sorted(found.keys() & (touched.decided | touched.changed)):
        of_moment = found[key]
        rolled = roll_up(of_moment, moments.get(key), at, programme=programme)
        outcome.moments[key] = rolled.standing
        known = moments.get(key)
        if key in touched.changed or rolled.standing.status != (known.status if known else UNKNOWN):
            outcome.told.append(rolled.told)
    known_ones = [key for key in outcome.gone if moments[key].status != UNKNOWN]
    outcome.told.extend(removed(key, moments[key], at, programme=programme) for key in known_ones)
    return outcome


def moment_of(measure: Declared) -> MomentKey:
    """The moment that a measure belongs to."""
    return MomentKey(measure.key.journey, measure.key.touchpoint)


def decided_moments(verdicts: Iterable[Verdict]) -> set[MomentKey]:
    """Moments of which a measure was decided."""
    return {moment_of(verdict.measure) for verdict in verdicts}


def changed_moments(verdicts: Iterable[Verdict], gone: Iterable[MeasureKey]) -> set[MomentKey]:
    """Moments of which a measure has changed its status, or is gone from the map."""
    moved = {moment_of(verdict.measure) for verdict in verdicts if verdict.changed}
    return moved | {MomentKey(key.journey, key.touchpoint) for key in gone}


def held(standings: Mapping[MeasureKey, Standing], due: Iterable[Declared], at: datetime) -> dict[MeasureKey, Standing]:
    """The measures that are due and have to wait, each with the instant since when."""
    found = {}
    for measure in due:
        known = standings.get(measure.key) or Standing(since=at)
        if known.held_since is None:
            found[measure.key] = msgspec.structs.replace(known, held_since=at)
    return found
