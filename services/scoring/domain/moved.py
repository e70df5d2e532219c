"""What a change came from: the window before, and the persona and the channel that moved most against the measure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.scoring.domain.declared import Declared
from services.scoring.domain.evidence import figure
from shared.events.told.moment import Figure, MeasureDecided, Split
from shared.metrics.counts import merge
from shared.metrics.known import metric_named
from shared.metrics.worst import RED, YELLOW

FEWEST = 5  # answers of a cut that may be shown at all (domain.md R8)


class Cut(NamedTuple):
    """Counts of one persona and channel: now, and in the window before."""

    persona: str
    channel: str
    now: dict[int, int]
    before: dict[int, int]


class Asked(NamedTuple):
    """Whose cuts are wanted: the measure at a `place` of its moment's message, on its scale, as it was decided `at`."""

    place: int
    measure: Declared
    scale: str
    at: datetime


def explained(told: MeasureDecided, measure: Declared, cuts: Iterable[Cut]) -> MeasureDecided:
    """`told` with its history; persona and channel only where it went worse."""
    cuts, scale = list(cuts), _scale(told, measure)
    before = figure(measure, scale, merge(cut.before for cut in cuts))
    told = msgspec.structs.replace(told, before=before, persona=None, channel=None)
    if not _went_worse(told, before, high=measure.high):
        return told
    by_persona, by_channel = (_together(cuts, by=by) for by in ("persona", "channel"))
    return msgspec.structs.replace(
        told, persona=_most(measure, scale, by_persona), channel=_most(measure, scale, by_channel)
    )


def _went_worse(told: MeasureDecided, before: Figure, *, high: bool) -> bool:
    """It fell to the status it has, and it is below the window before: what is red for days may be rising already."""
    fell = told.status == RED or (told.status == YELLOW and told.previous != RED)
    return fell and _fall(told.figure, before, high=high) > 0


def _scale(told: MeasureDecided, measure: Declared) -> str | None:
    """Promises have none, and are counted on the empty one; answers without any are on no scale that is known."""
    return told.scale if told.scale or metric_named(measure.key.metric).kind == "answer" else ""


def _together(cuts: Iterable[Cut], *, by: str) -> Mapping[str, tuple[dict[int, int], dict[int, int]]]:
    found: dict[str, tuple[dict[int, int], dict[int, int]]] = {}
    for cut in cuts:
        name = getattr(cut, by)
        if name:
            now, before = found.get(name, ({}, {}))
            found[name] = merge((now, cut.now)), merge((before, cut.before))
    return found


def _most(
    measure: Declared, scale: str | None, cuts: Mapping[str, tuple[dict[int, int], dict[int, int]]]
) -> Split | None:
    """The cut whose fall weighs most: how far it fell, times how many it is of. None where none fell or is enough."""
    splits = [
        Split(name=name, now=figure(measure, scale, now), before=figure(measure, scale, before))
        for name, (now, before) in sorted(cuts.items())
    ]
    weighed = [(_weight(split, high=measure.high), split) for split in splits]
    weight, split = max(weighed, key=lambda found: found[0], default=(0.0, None))
    return split if weight > 0 else None


def _weight(split: Split, *, high: bool) -> float:
    if min(split.now.n, split.before.n) < FEWEST:
        return 0.0
    return _fall(split.now, split.before, high=high) * split.now.n


def _fall(now: Figure, before: Figure, *, high: bool) -> float:
    if now.value is None or before.value is None:
        return 0.0
    return before.value - now.value if high else now.value - before.value
