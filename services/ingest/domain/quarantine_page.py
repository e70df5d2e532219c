"""What the API says of the quarantine: the shapes on the wire."""

from base64 import b64encode
from datetime import datetime

import msgspec

from services.ingest.domain.wanted import State
from shared.events.refusal import Problem
from shared.events.set_aside import Door, Kind


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was refused, `times` times, from `first_seen` to `last_seen`; of a list without its bytes.

    `authentic`: whether its sender proved who they are, null where nobody asks. `tried_at` and `refusal` are of the
    last replay that was refused again, `settled_at` is when it was replayed or dismissed.
    """

    id: int
    source: str
    door: Door
    origin: str
    reason: str
    kind: Kind
    content_type: str | None
    authentic: bool | None
    first_seen: datetime
    last_seen: datetime
    times: int
    size: int
    state: State
    settled_at: datetime | None
    tried_at: datetime | None
    refusal: str | None


class Whole(Item, frozen=True, kw_only=True):
    """One thing with its bytes: `text` where they are UTF-8, else `base64`. `headers` are those that a replay needs,
    `problems` each fault with its path."""

    problems: list[Problem]
    headers: list[tuple[str, str]]
    text: str | None
    base64: str | None


class Items(msgspec.Struct, frozen=True):
    """A page, the newest first; `next` is the cursor of the one after it."""

    items: list[Item]
    next: str | None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of one source by one door, for one kind of reason."""

    source: str
    door: Door
    kind: Kind
    waiting: int
    replayed: int
    dismissed: int
    times: int
    last_seen: datetime


class Failing(msgspec.Struct, frozen=True):
    """A source much of which is refused, since when, and in words."""

    trouble: str
    what: str
    since: datetime
    says: str


class Summary(msgspec.Struct, frozen=True):
    """Counts, those of which most waits first; and who fails now."""

    waiting: int
    groups: list[Group]
    failing: list[Failing]


class RefusedAgain(msgspec.Struct, frozen=True):
    """A thing that waits on, and why."""

    id: int
    problems: list[Problem]


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a replay, or would come of it: `went` things, `events` events that Kafka has.

    `settled` were replayed before, or are not there; `busy` are being replayed by somebody else just now. `next` is the
    cursor with which it goes on; without it, it is done. `left` is how many are still to be looked at, counted up to
    10,000.
    """

    dry_run: bool
    went: int
    events: int
    refused: list[RefusedAgain]
    settled: int
    busy: int
    next: str | None
    left: int


class Dismissed(msgspec.Struct, frozen=True):
    """How many things were dismissed, or would be."""

    dry_run: bool
    dismissed: int


def readable(raw: bytes) -> tuple[str | None, str | None]:
    """(text, None) where it is UTF-8, else (None, base64)."""
    try:
        return raw.decode(), None
    except UnicodeDecodeError:
        return None, b64encode(raw).decode()
