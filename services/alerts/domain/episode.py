"""An episode: one red spell of one moment of truth."""

from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from shared.events.told.moment import MeasureDecided, MomentDecided


class Closing(StrEnum):
    """Why a spell ended: it is better, or nobody can say any more, or it is on no map any more, or its map is another
    by now and it is judged anew."""

    RECOVERED = "recovered"
    UNKNOWN = "unknown"
    REMOVED = "removed"
    REMAPPED = "remapped"


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """`opened` is what was decided when it became red, `latest` what was decided last, `told` what its owner was to
    hear last. `turned` are all measures that turned red in this spell, each as it was then: it worsens the spell once.
    """

    id: UUID
    journey: str
    touchpoint: str
    opened_at: datetime
    initial: bool
    turned: tuple[MeasureDecided, ...] = ()
    opened: MomentDecided
    latest: MomentDecided
    told: MomentDecided
    closed_at: datetime | None = None
    closing: Closing | None = None


class What(StrEnum):
    """What a decision about a moment of truth does to its episode. `NOTHING`: there is none and none begins.
    `GREEN`: it was over and its moment not green yet."""

    OPENED = "opened"
    WORSE = "worse"
    SAME = "same"
    CLOSED = "closed"
    GREEN = "green"
    NOTHING = "nothing"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The episode as it is after `decided`; `told` is what its owner was told last, before this."""

    what: What
    decided: MomentDecided
    episode: Episode | None = None
    told: MomentDecided | None = None


def change(episode: Episode | None, decided: MomentDecided, event: str) -> Change:
    """What `decided` does to the last episode of its moment of truth, None where there never was one.

    An episode's id comes from the event that opened it: read again, it is the same.
    """
    red = decided.status == "red" and not decided.removed
    if episode is None or episode.closed_at is not None:
        return _opened(decided, event) if red else _after(episode, decided)
    if not red:
        return Change(what=What.CLOSED, decided=decided, episode=_closed(episode, decided), told=episode.told)
    return _still_red(episode, decided)


def measure_key(measure: MeasureDecided) -> str:
    """What tells a measure from the others of its moment of truth, all of it declared: the scale most answered changes
    with the answers, and the measure stays the same."""
    return " ".join((measure.metric, measure.stat or "", measure.declared_scale or "", str(measure.window)))


def _opened(decided: MomentDecided, event: str) -> Change:
    episode = Episode(
        id=uuid5(NAMESPACE_URL, f"voc:episode:{event}"),
        journey=decided.journey,
        touchpoint=decided.touchpoint,
        opened_at=decided.since,
        initial=decided.initial,
        turned=_reds(decided),
        opened=decided,
        latest=decided,
        told=decided,
    )
    return Change(what=What.OPENED, decided=decided, episode=episode)


def _still_red(episode: Episode, decided: MomentDecided) -> Change:
    turned = tuple(dict.fromkeys(_as_it_is_measured_now(one, episode.turned, decided) for one in episode.turned))
    known = {measure_key(measure) for measure in turned}
    worse = tuple(measure for measure in _reds(decided) if measure_key(measure) not in known)
    after = msgspec.structs.replace(
        episode,
        turned=turned + worse,
        latest=decided,
        told=decided if worse else episode.told,
    )
    what = What.WORSE if worse else What.SAME
    return Change(what=what, decided=decided, episode=after, told=episode.told)


def _after(episode: Episode | None, decided: MomentDecided) -> Change:
    """Where a spell has ended in yellow or unknown, it is told by its own message when that is green at last."""
    if (
        episode is None
        or episode.closing not in (Closing.RECOVERED, Closing.UNKNOWN)
        or episode.latest.status == "green"
        or decided.status != "green"
        or decided.major != episode.latest.major
    ):
        return Change(what=What.NOTHING, decided=decided)
    after = msgspec.structs.replace(episode, latest=decided)
    return Change(what=What.GREEN, decided=decided, episode=after, told=episode.told)


def _as_it_is_measured_now(
    one: MeasureDecided, turned: tuple[MeasureDecided, ...], decided: MomentDecided
) -> MeasureDecided:
    """A measure that turned red; where the programme has given it another window, the one that was red from its first
    decision on: the same metric told of once is not told of as worse."""
    known = {measure_key(measure) for measure in turned}
    if any(measure_key(measure) == measure_key(one) for measure in decided.measures):
        return one
    heirs = (
        measure
        for measure in _reds(decided)
        if (measure.metric, measure.stat) == (one.metric, one.stat) and measure_key(measure) not in known
    )
    return next((heir for heir in heirs if heir.initial), one)


def _closed(episode: Episode, decided: MomentDecided) -> Episode:
    closing, closed_at = Closing.RECOVERED, decided.since
    if decided.removed:
        closing, closed_at = Closing.REMOVED, decided.decided_at
    elif decided.remapped:
        closing = Closing.REMAPPED
    elif decided.status == "unknown":
        closing = Closing.UNKNOWN
    return msgspec.structs.replace(
        episode, latest=decided, closing=closing, closed_at=max(closed_at, episode.opened_at)
    )


def _reds(decided: MomentDecided) -> tuple[MeasureDecided, ...]:
    """The one that decides comes first."""
    reds = [(place, one) for place, one in enumerate(decided.measures) if one.status == "red"]
    return tuple(one for _, one in sorted(reds, key=lambda red: red[0] != decided.deciding))
