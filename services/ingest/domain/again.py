"""What comes of a thing of the quarantine by what is configured now: the same way in as when it came first."""

from collections.abc import Callable
from typing import NamedTuple

from services.ingest.domain.batch import sort, split
from services.ingest.domain.binary import structured
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.kept import Kept
from services.ingest.domain.mapped import Notice
from services.ingest.domain.mode import BATCH_TYPE
from services.ingest.domain.protection import Protection
from services.ingest.domain.received import stamped
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Problem, Refused
from shared.events.set_aside import Door


class Announced(NamedTuple):
    """What a delivery only announces: it is to be fetched, as it was the first time."""

    delivery: Delivery
    notices: list[Notice]
    carried: tuple[tuple[str, bytes], ...]


class Again(NamedTuple):
    """(key, value) of the events, in order; and what is still wrong: with it the thing waits on."""

    events: list[tuple[str, bytes]]
    problems: list[Problem]
    announced: Announced | None = None


Way = Callable[[Kept], Again]
"""Raises Refused where nothing comes of it. What depends on time is judged by when it was first seen."""

_CUT = "only its beginning was kept, because Kafka refused the whole"


def ways(more: dict[Door, Way]) -> dict[Door, Way]:
    """By the door; `more` are those that need what is configured."""
    return {"events": by_events, "scoring": to_scoring, "alerts": not_to_alerts, **more}


def again(kept: Kept, by: dict[Door, Way], protection: Protection | None = None) -> Again:
    """What comes of it, without the personal data that must not be in Kafka. Raises NotNow where nobody knows what that
    is, and nothing else.
    """
    way = by.get(kept.door)
    try:
        if way is None:
            raise Refused([Problem("", f"this ingest has no door {kept.door}")])
        if kept.kind == "too-large":
            raise Refused([Problem("", _CUT)])
        found = way(kept)
        if protection is None:
            return found
        return found._replace(events=[protection.of_event(raw, read(raw)) for _, raw in found.events])
    except Refused as refused:
        return Again([], refused.problems)


def by_events(kept: Kept) -> Again:
    """What came by `POST /v1/events`: one event, its parts in headers and body, or a whole batch that was none."""
    attributes = [(name.encode("latin-1", "replace"), value) for name, value in kept.headers if name.startswith("ce-")]
    if attributes:
        media = (kept.content_type or "").encode("latin-1", "replace")
        return _one(kept, structured([*attributes, (b"content-type", media)] if media else attributes, kept.value))
    if (kept.content_type or "").startswith(BATCH_TYPE):
        sorted_ = sort(split(kept.value), kept.first_seen)
        return Again(sorted_.accepted, [problem for one in sorted_.rejected for problem in one.problems])
    return _one(kept, kept.value)


def to_scoring(kept: Kept) -> Again:
    """An event that scoring could not fold: published once more, because it may be able to now."""
    if not kept.origin.startswith("voc.events["):
        raise Refused([Problem("", f"it came from {kept.origin}, not from voc.events: scoring itself tells it anew")])
    event = read(kept.value)
    return Again([(event.key, kept.value)], [])


def not_to_alerts(kept: Kept) -> Again:
    """A message that scoring wrote: only ingest writes events, and only scoring what it tells."""
    said = f"it is a message of {kept.origin.partition('[')[0]} for alerts, which could not read it"
    raise Refused([Problem("", f"{said}: bring alerts to the release of scoring; then dismiss this")])


def _one(kept: Kept, raw: bytes) -> Again:
    event = read(raw, not_after=kept.first_seen + LATEST_AHEAD)
    return Again([(event.key, raw if event.time is not None else stamped(raw, kept.first_seen))], [])
