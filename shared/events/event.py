"""An event that was read and found right, and the names derived from it."""

from datetime import datetime
from hashlib import blake2b

import msgspec

from shared.events.model import Data

Stamp = tuple[datetime, str, str]
"""(time, source, id): the order in which events of a customer count as earlier and later, whenever they arrive."""


_EMPTY = blake2b(digest_size=16)


class Event(msgspec.Struct, frozen=True, gc=False):
    """A valid event. `customer` is the subject with its namespace, None for feedback without one.

    `raw` is the structured JSON as it travels, with every unknown field kept.
    """

    id: str
    source: str
    type: str
    customer: str | None
    key: str
    time: datetime | None
    data: Data
    raw: bytes
    traceparent: str | None = None


def identity(source: str, event_id: str) -> bytes:
    """16 bytes that stand for (source, id) for ever; at 10^12 events a collision has odds of 1 in 10^14."""
    named = _EMPTY.copy()  # a third faster than making one with its digest size
    named.update(f"{source}\0{event_id}".encode())
    return named.digest()


def customer_of(subject: str) -> str:
    """`namespace:value` of a subject; a bare value is in the namespace `customer`."""
    return subject if ":" in subject else f"customer:{subject}"
