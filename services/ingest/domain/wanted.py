"""Which things of the quarantine are asked for: by a request's words, or by its JSON."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import msgspec

from shared.events.set_aside import Door

State = Literal["waiting", "replayed", "dismissed"]

USUAL, MOST = 50, 500
MOST_IDS = 1000
LONGEST = 1000
_NUMBER = re.compile(r"[0-9]{1,18}")


class Unreadable(ValueError):
    """What is asked for means nothing: where it stands, and what was expected."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is given has to hold. `reason` is a part of the reason, or its kind; `since` and `until` are about when
    a thing was last seen."""

    source: str | None = None
    door: Door | None = None
    state: State | None = None
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Selection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be replayed or dismissed: by `ids`, or by `filter`, whose state is `waiting` unless it says another.

    `cursor` is `next` of the answer before. `dry_run` says what would come of it, and changes nothing.
    """

    ids: list[int] | None = None
    filter: Filter | None = None
    cursor: str | None = None
    dry_run: bool = False


_selection = msgspec.json.Decoder(Selection)


def filter_of(words: Mapping[str, str]) -> Filter:
    """By a query's parameters. Raises Unreadable."""
    return _checked(
        Filter(
            source=words.get("source"),
            door=_one_of("door", words.get("door"), get_args(Door)),
            state=_one_of("state", words.get("state"), get_args(State)),
            reason=words.get("reason"),
            since=_instant("since", words.get("since")),
            until=_instant("until", words.get("until")),
        ),
        "query",
    )


def selection_of(body: bytes) -> Selection:
    """By a request's body. Raises Unreadable."""
    try:
        found = _selection.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("body", str(error)) from error
    if (found.ids is None) == (found.filter is None):
        raise Unreadable("body", 'expected either `ids` or `filter`; {"filter": {}} is all that waits')
    if found.ids is not None and len(found.ids) > MOST_IDS:
        raise Unreadable("body.ids", f"expected at most {MOST_IDS:,} ids at once")
    if found.ids is not None and not all(0 <= one < 2**63 for one in found.ids):
        raise Unreadable("body.ids", "expected ids as the list shows them")
    if found.filter is not None and _checked(found.filter, "body.filter").state == "replayed":
        raise Unreadable("body.filter.state", "expected waiting or dismissed: what was replayed is in voc.events")
    return found


def limit_of(text: str | None) -> int:
    """How many a page has. Raises Unreadable."""
    if text is None:
        return USUAL
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise Unreadable("query.limit", f"expected a number from 1 to {MOST}, found {text!r:.40}")
    return int(text)


def number_of(path: str, text: str | None) -> int | None:
    """A cursor or an id. Raises Unreadable."""
    if text is not None and not _NUMBER.fullmatch(text):
        raise Unreadable(path, "expected what `next` of the page before says, or an id of the list")
    return None if text is None else int(text)


def _checked(found: Filter, path: str) -> Filter:
    for name in ("source", "reason"):
        text = getattr(found, name)
        if text is not None and ("\0" in text or len(text) > LONGEST):
            raise Unreadable(f"{path}.{name}", f"expected at most {LONGEST:,} characters, without U+0000")
    for name in ("since", "until"):
        at = getattr(found, name)
        if at is not None and at.tzinfo is None:
            raise Unreadable(f"{path}.{name}", _INSTANT)
    return found


_INSTANT = "expected an instant with its offset, such as 2026-11-25T08:00:00Z"


def _one_of(name: str, text: str | None, known: tuple[str, ...]) -> Any:
    if text is not None and text not in known:
        raise Unreadable(f"query.{name}", f"expected one of {', '.join(known)}, found {text!r:.40}")
    return text


def _instant(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.replace(" ", "+")).astimezone(UTC)  # a plus sign that nobody encoded
    except (ValueError, OverflowError):
        raise Unreadable(f"query.{name}", f"{_INSTANT}, found {text!r:.40}") from None
