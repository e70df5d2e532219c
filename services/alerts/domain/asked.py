"""What a question of the API asks for: how many, from where on, and of what."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

import msgspec

USUAL, MOST = 50, 500


class Unreadable(ValueError):
    """A parameter that means nothing; the sentence says what was expected."""


class Cursor(NamedTuple):
    """The last item of the page before: what it is sorted by, and its id."""

    at: str
    id: str


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
        return Cursor(*msgspec.json.decode(urlsafe_b64decode(text.encode()), type=tuple[str, str]))
    except (ValueError, binascii.Error):
        raise Unreadable("cursor: expected what `next` of the page before says") from None


def written(after: Cursor) -> str:
    """The cursor as callers get it."""
    return urlsafe_b64encode(msgspec.json.encode(tuple(after))).decode()


def flag(name: str, text: str | None) -> bool | None:
    """`true` or `false`; None where it is not asked for. Raises Unreadable."""
    if text is None:
        return None
    if text not in ("true", "false"):
        raise Unreadable(f"{name}: expected true or false, found {text!r:.40}")
    return text == "true"
