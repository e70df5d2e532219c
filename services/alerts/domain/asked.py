"""What a question of the API asks for: how many, from where on, and of what."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

USUAL, MOST = 50, 500
_LAST = 2**63 - 1
_NO_CURSOR = "cursor: expected what `next` of the page before says"


class Unreadable(ValueError):
    """A parameter that means nothing; the sentence says what was expected."""


class Cursor(NamedTuple):
    """The last item of the page before: what it is sorted by, and its id. What was made up raises Unreadable."""

    at: str
    id: str

    @property
    def instant(self) -> datetime:
        """With a zone, and one that the database knows."""
        try:
            found = datetime.fromisoformat(self.at)
            if found.tzinfo is None:
                raise Unreadable(_NO_CURSOR)
            return found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Unreadable(_NO_CURSOR) from None

    @property
    def uuid(self) -> UUID:
        try:
            return UUID(self.id)
        except ValueError:
            raise Unreadable(_NO_CURSOR) from None

    @property
    def position(self) -> int:
        """A number that a bigint can be."""
        if not (self.id.isascii() and self.id.isdecimal() and len(self.id) < 20 and int(self.id) <= _LAST):
            raise Unreadable(_NO_CURSOR)
        return int(self.id)


def limit(text: str | None) -> int:
    """How many items a page has. Raises Unreadable."""
    if text is None:
        return USUAL
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise Unreadable(f"limit: expected a number from 1 to {MOST}, found {text!r:.40}")
    return int(text)


def cursor(text: str | None) -> Cursor | None:
    """Where to go on. Raises Unreadable."""
    if text is None:
        return None
    try:
        at, id = msgspec.json.decode(urlsafe_b64decode(text.encode()), type=tuple[str, str])
    except (ValueError, binascii.Error):
        raise Unreadable(_NO_CURSOR) from None
    if "\0" in id:
        raise Unreadable(_NO_CURSOR)
    return Cursor(at, id)


def written(after: Cursor) -> str:
    """The cursor as callers get it."""
    return urlsafe_b64encode(msgspec.json.encode(tuple(after))).decode()


def word(name: str, text: str | None) -> str | None:
    """What something is called; None where it is not asked for. Raises Unreadable for what no name can be."""
    if text is not None and "\0" in text:
        raise Unreadable(f"{name}: expected a text without U+0000")
    return text


def flag(name: str, text: str | None) -> bool | None:
    """`true` or `false`; None where it is not asked for. Raises Unreadable."""
    if text is None:
        return None
    if text not in ("true", "false"):
        raise Unreadable(f"{name}: expected true or false, found {text!r:.40}")
    return text == "true"
