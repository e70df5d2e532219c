"""A message of the quarantine as it is indexed: what its headers say, whoever wrote them and when."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, get_args

import msgspec

from shared.events.refusal import Problem
from shared.events.set_aside import KINDS, Door, Kind

LONGEST_SOURCE = 255
LONGEST_TEXT = 2000
_STATED = ("reason", "origin", "first-seen", "door", "kind", "problems", "content-type", "authentic")
_TELLS = re.compile(r"http-.*(topic|event|type|action)")
"""Headers of a webhook's request by which the same bytes may mean something else, and a retry does not differ."""

_problems = msgspec.json.Decoder(list[Problem])

Headers = list[tuple[str, bytes]]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was set aside. `source` is empty where nobody could tell; `headers` are those that a replay needs.

    `first_seen` is when it came: a replay stamps by it, and judges by it what depends on time.
    """

    door: Door
    source: str
    origin: str
    reason: str
    kind: Kind
    problems: list[Problem]
    content_type: str | None
    authentic: bool | None
    first_seen: datetime
    value: bytes
    headers: Headers

    def digest(self) -> bytes:
        """The same for the same thing refused again: a sender's retry, a record that is read again, a replay's."""
        found = sha256()
        telling = [(name, value) for name, value in self.headers if self.door != "webhook" or _TELLS.fullmatch(name)]
        place = self.origin if self.door == "bridge" else ""  # two records of the same bytes are two events
        for part in (self.door, self.source, place, *(part for header in sorted(telling) for part in header)):
            raw = part.encode() if isinstance(part, str) else part
            found.update(b"%d:%b" % (len(raw), raw))
        found.update(self.value)
        return found.digest()

    def header(self, name: str) -> bytes | None:
        """The first of that name."""
        return next((value for found, value in self.headers if found == name), None)


def kept(key: bytes | None, value: bytes, headers: Sequence[tuple[str, bytes]], *, written_at: datetime) -> Kept:
    """Read a message of `voc.quarantine`, also one from before it said by which door; nothing in it can be wrong."""
    said = {name: _text(raw or b"") for name, raw in reversed(headers) if name in _STATED}
    origin = said.get("origin", "")
    kind = said.get("kind")
    return Kept(
        door=_door(said.get("door"), origin),
        source=_text(key or b"")[:LONGEST_SOURCE],
        origin=origin,
        reason=said.get("reason", ""),
        kind=kind if kind in KINDS else "invalid",
        problems=_problems_of(said.get("problems")),
        content_type=said.get("content-type"),
        authentic={"yes": True, "no": False}.get(said.get("authentic", "")),
        first_seen=_instant(said.get("first-seen"), written_at),
        value=value,
        headers=[(name, raw or b"") for name, raw in headers if name not in _STATED],
    )


def written(headers: Headers) -> bytes:
    """Headers as JSON, their values in base64."""
    return msgspec.json.encode([(_text(name.encode()), b64encode(value).decode()) for name, value in headers])


def read(headers: Iterable[Sequence[Any]]) -> Headers:
    """The same, back from the decoded JSON."""
    return [(name, b64decode(value)) for name, value in headers]


def _door(said: str | None, origin: str) -> Door:
    if said in get_args(Door):
        return said  # type: ignore[return-value]  # mypy does not narrow by get_args
    if origin.startswith(("voc.events[", "scoring.")):
        return "scoring"
    return "alerts" if origin.startswith("voc.") else "events"


def _text(raw: bytes) -> str:
    """What PostgreSQL takes: no U+0000, nothing that is not UTF-8, and not without end."""
    return raw.decode("utf-8", "replace").replace("\0", "\ufffd")[:LONGEST_TEXT]


def _problems_of(said: str | None) -> list[Problem]:
    try:
        return _problems.decode(said or "[]")
    except msgspec.DecodeError:
        return []


def _instant(said: str | None, written_at: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(said or "")
    except ValueError:
        return written_at
    return found.astimezone(UTC) if found.tzinfo is not None else written_at
