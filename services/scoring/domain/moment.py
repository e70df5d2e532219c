"""A moment of truth: the worst of its measures, and what is told when it changes."""

from datetime import datetime
from typing import NamedTuple

from services.scoring.domain.declared import Declared
from services.scoring.domain.standing import MomentKey, MomentStanding
from services.scoring.domain.status import VERSION
from shared.events.told.moment import MeasureDecided, MomentDecided
from shared.metrics.worst import UNKNOWN, worst


class Rolled(NamedTuple):
    """How a moment stands now, and what is told of it."""

    standing: MomentStanding
    told: MomentDecided


def roll_up(
    first: Declared,
    told: tuple[MeasureDecided, ...],
    before: MomentStanding | None,
    at: datetime,
    *,
    programme: int,
) -> Rolled:
    """The moment that `first` is a measure of, by what was decided of its measures; at least one."""
    place = worst([one.status for one in told])
    assert place is not None
    deciding = told[place]
    previous = before.status if before is not None else UNKNOWN
    changed = before is None or deciding.status != previous
    standing = MomentStanding(
        major=first.journey.major,
        journey_name=first.journey.name,
        touchpoint_name=first.touchpoint.name,
        perspective=first.journey.perspective,
        status=deciding.status,
        since=at if changed else before.since,  # type: ignore[union-attr]  # unchanged: it was there
        decided_at=at,
        owner=first.owner,
        notify=first.notify,
        initial=deciding.status != UNKNOWN and (previous == UNKNOWN if changed else before.initial),  # type: ignore[union-attr]
        incomplete=deciding.incomplete,
    )
    return Rolled(standing, _message(first, standing, previous, told, place, programme))


def _message(
    first: Declared,
    standing: MomentStanding,
    previous: str,
    told: tuple[MeasureDecided, ...],
    place: int,
    programme: int,
) -> MomentDecided:
    return MomentDecided(
        journey=first.journey.journey,
        journey_name=first.journey.name,
        touchpoint=first.touchpoint.touchpoint,
        touchpoint_name=first.touchpoint.name,
        major=first.journey.major,
        perspective=first.journey.perspective,
        owner=first.owner,
        status=standing.status,  # type: ignore[arg-type]  # of the measures' own words
        previous=previous,  # type: ignore[arg-type]
        since=standing.since,
        decided_at=standing.decided_at or standing.since,
        initial=standing.initial,
        incomplete=standing.incomplete,
        deciding=place,
        measures=told,
        programme=programme,
        rule=VERSION,
    )


def ended(key: MomentKey, before: MomentStanding, at: datetime, *, programme: int, on_map: bool) -> MomentDecided:
    """What is told last of a moment that is on no map any more, or is `on_map` only in another major version of it."""
    return MomentDecided(
        journey=key.journey,
        journey_name=before.journey_name or key.journey,
        touchpoint=key.touchpoint,
        touchpoint_name=before.touchpoint_name or key.touchpoint,
        major=before.major,
        perspective=before.perspective,
        owner=before.owner,
        status="unknown",
        previous=before.status,  # type: ignore[arg-type]
        since=at,
        decided_at=at,
        removed=not on_map,
        remapped=on_map,
        programme=programme,
        rule=VERSION,
    )
