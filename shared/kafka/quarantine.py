"""What the headers of a message in `voc.quarantine` are called: everybody who writes one names them here."""

from datetime import datetime

import msgspec

LONGEST_REASON = 1000


def headers_of(*, reason: str, origin: str, first_seen: datetime) -> dict[str, str]:
    """Why it was set aside, where it came from (a topic's offset, a request), and when it was first seen.

    Beside these a request in binary mode that makes no event has its own `ce-` headers: the value is its body alone.
    """
    return {"reason": reason[:LONGEST_REASON], "origin": origin, "first-seen": first_seen.isoformat()}


class _Sourced(msgspec.Struct):
    source: str


_sourced = msgspec.json.Decoder(_Sourced).decode


def key_of(raw: bytes) -> bytes | None:
    """The key of what is set aside: the event's source where one can be read, whatever else is wrong with it."""
    try:
        return _sourced(raw).source.encode()
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
