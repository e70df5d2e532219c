"""What a round of the evaluator comes to: from verdicts to moments, and what is told of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.scoring.domain.declared import Declared, MeasureKey
from services.scoring.domain.former import moment_of, undecided
from services.scoring.domain.moment import ended, roll_up
from services.scoring.domain.moved import Asked, Cut, explained
from services.scoring.domain.standing import MomentKey, MomentStanding, Standing, put_off
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
    """Moments of which a measure was decided in a round, has changed its status, or is gone from the map; and those
    that are another owner's."""

    decided: set[MomentKey]
    changed: set[MomentKey]
    lost: set[MomentKey]
    readdressed: set[MomentKey]


def conclude(
    on_map: Sequence[Declared],
    standings: Mapping[MeasureKey, Standing],
    moments: Mapping[MomentKey, MomentStanding],
    concerned: Touched,
    at: datetime,
    *,
    programme: int,
) -> Outcome:
    """Roll up what is concerned; tell of moments whose own status or that of a measure is another than before, and of
    those that are another owner's. `standings` are as this round leaves them.
    """
    first = {moment_of(measure): measure for measure in reversed(on_map)}
    over = {key for key, known in moments.items() if key not in first or first[key].key.major != known.major}
    found, outcome = _known(on_map, standings), Outcome({}, [], [])
    for key in sorted(over):
        if moments[key].status != UNKNOWN:
            last = ended(key, moments[key], at, programme=programme, on_map=key in first)
            outcome.told.append(MomentTold(last))
    for key in sorted(found.keys() & set.union(*concerned)):
        known = None if key in over else moments.get(key)
        same = known.decided_at if known and key not in concerned.decided | concerned.lost else None
        rolled = roll_up(first[key], _told(found[key]), known, same or at, programme=programme)
        outcome.moments[key] = rolled.standing
        moved = rolled.standing.status != (known.status if known else UNKNOWN)
        if moved or key in concerned.changed | (concerned.lost - over) | concerned.readdressed:
            outcome.told.append(MomentTold(rolled.told, _asked(found[key], at)))
    outcome.gone.extend(over - outcome.moments.keys())
    return outcome


class _Known(NamedTuple):
    """What is known of a measure; `measure` None: the map has it no more, it stands in for what replaces it."""

    measure: Declared | None
    standing: Standing
    told: MeasureDecided


def _known(on_map: Iterable[Declared], standings: Mapping[MeasureKey, Standing]) -> dict[MomentKey, list[_Known]]:
    """What speaks for each moment, in the order of the map. While others stand in for what is not decided yet, that
    says nothing: not even that it is unknown."""
    declared = {measure.key: measure for measure in on_map}
    replaced = {MomentKey(key.journey, key.touchpoint) for key in standings.keys() - declared.keys()}
    found: dict[MomentKey, list[_Known]] = {}
    for key in (*declared, *sorted(standings.keys() - declared.keys())):
        moment, standing = MomentKey(key.journey, key.touchpoint), standings.get(key)
        if standing is None or standing.told is None or (moment in replaced and undecided(standing)):
            continue
        found.setdefault(moment, []).append(_Known(declared.get(key), standing, standing.told))
    return found


def _told(known: Iterable[_Known]) -> tuple[MeasureDecided, ...]:
    return tuple(one.told for one in known)


def _asked(known: Iterable[_Known], at: datetime) -> tuple[Asked, ...]:
    """What stands beside a figure is of its own tick, which may have been hours ago."""
    return tuple(
        Asked(place, measure, told.scale or "", standing.looked_at or at)
        for place, (measure, standing, told) in enumerate(known)
        if measure is not None
    )


def touched(verdicts: Iterable[Verdict], gone: Iterable[MeasureKey], readdressed: Iterable[MomentKey] = ()) -> Touched:
    """What these verdicts, measures that are on no map any more, and moments of another owner concern."""
    found = Touched(set(), set(), {MomentKey(key.journey, key.touchpoint) for key in gone}, set(readdressed))
    for verdict in verdicts:
        found.decided.add(moment_of(verdict.measure))
        if verdict.changed:
            found.changed.add(moment_of(verdict.measure))
    return found


def released(standings: Mapping[MeasureKey, Standing]) -> dict[MeasureKey, Standing]:
    """Once counts are complete: those that were decided without, for whom nothing waits any more. The next time that
    their tick has to wait, it waits from then on."""
    return {
        key: msgspec.structs.replace(known, held_since=None)
        for key, known in standings.items()
        if known.held_since is not None and not put_off(known)
    }


def held(standings: Mapping[MeasureKey, Standing], due: Iterable[Declared], at: datetime) -> dict[MeasureKey, Standing]:
    """The measures that are due and have to wait, each with the instant since when."""
    found = {}
    for measure in due:
        known = standings.get(measure.key) or Standing(since=at)
        if known.held_since is None:
            found[measure.key] = msgspec.structs.replace(known, held_since=at)
    return found
