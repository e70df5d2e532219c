"""A batch apart: each event judged alone, so that one bad one does not hold up the rest."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from services.ingest.domain.protection import Protection
from services.ingest.domain.received import stamped
from services.ingest.domain.rejection import Rejection, rejection
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Problem, Refused

_items = msgspec.json.Decoder(list[msgspec.Raw])


class Sorted(NamedTuple):
    """(key, value) of what is right, in order, and what is wrong."""

    accepted: list[tuple[str, bytes]]
    rejected: list[Rejection]


def split(body: bytes) -> list[msgspec.Raw]:
    """The items of a batch, unread. Raises Refused, as malformed, for what is not a JSON array."""
    try:
        items = _items.decode(body)
        if not body.isascii():
            body.decode()
    except UnicodeDecodeError as error:
        raise Refused(
            [Problem("", f"expected UTF-8: {error.reason} at offset {error.start}")], malformed=True
        ) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused([Problem("", f"expected a JSON array of CloudEvents: {error}")], malformed=True) from error
    return items


def sort(items: list[msgspec.Raw], received_at: datetime, protection: Protection | None = None) -> Sorted:
    """Read every item as an event that came at `received_at`.

    Raises NotNow where the protection cannot be given.
    """
    accepted: list[tuple[str, bytes]] = []
    rejected: list[Rejection] = []
    not_after = received_at + LATEST_AHEAD
    for index, item in enumerate(items):
        raw = bytes(item)
        try:
            event = read(raw, not_after=not_after)
            if event.time is None:
                raw = stamped(raw, received_at)
            accepted.append((event.key, raw) if protection is None else protection.of_event(raw, event))
        except Refused as refused:
            rejected.append(rejection(raw, refused, index=index))
    return Sorted(accepted, rejected)
