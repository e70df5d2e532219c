"""A message in `voc.quarantine`: what its headers are called, for everybody who writes one and for who reads them.

The value is the bytes as they came, the key the source. Beside the headers of `headers_of` a replay may find `ce-…` of
a request in binary mode that makes no event, `http-…` of a webhook's request and `record-…` of a bridge's record.
Messages from before these were written have `reason`, `origin` and `first-seen` alone.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from shared.events.refusal import Problem
from shared.events.set_aside import Door, Kind

LONGEST_REASON = 1000
MOST_PROBLEM_BYTES = 8_000
MOST_CARRIED_BYTES = 16_000
"""Of a request's or a record's own headers: beside the longest body they fit into a message of Kafka."""

HTTP, RECORD = "http-", "record-"
RECORD_KEY = f"{RECORD}key"
RECORD_HEADER = f"{RECORD}header-"
RECORD_TIMESTAMP, RECORD_GENERATION = f"{RECORD}timestamp", f"{RECORD}generation"
RECORD_CUT = f"{RECORD}cut"
"""How many of a record's key and headers did not fit: without them it may become another event."""

Headers = list[tuple[str, bytes]]


def headers_of(
    *,
    reason: str,
    origin: str,
    first_seen: datetime,
    door: Door,
    kind: Kind,
    problems: Sequence[Problem] = (),
    content_type: str | None = None,
    proven: bool | None = None,
) -> dict[str, str]:
    """Why it was set aside (a sentence, its kind, each fault with its path), where it came from (a topic's offset, a
    request; by which door), when it was first seen, what it is, and whether its sender's authenticity was `proven`."""
    headers = {
        "reason": reason[:LONGEST_REASON],
        "origin": origin,
        "first-seen": first_seen.isoformat(),
        "door": door,
        "kind": kind,
    }
    if problems:
        headers["problems"] = _written(problems)
    if content_type is not None:
        headers["content-type"] = content_type
    if proven is not None:
        headers["authentic"] = "yes" if proven else "no"
    return headers


def of_request(headers: Iterable[tuple[bytes, bytes]], *, never: Iterable[str] = ()) -> Headers:
    """What a webhook's replay may need of its request's headers (names in lower case), as headers of the message.

    Never what signs in: Authorization, cookies, tokens, keys; nor what tells of the sender's network. `never` names
    those that a source's own configuration says hold a credential.
    """
    banned = {name.lower() for name in never}
    named = ((name.decode("latin-1"), value) for name, value in headers)
    return _bounded([(f"{HTTP}{n}", v) for n, v in named if n not in banned and _is_needed(n)])


def of_record(
    key: bytes | None, headers: Iterable[tuple[str, bytes | None]], *, timestamp: int, generation: int
) -> Headers:
    """A bridge's record beside its value, as headers of the message; topic, partition and offset are in `origin`.

    `timestamp` is Kafka's, in milliseconds; `generation` tells a topic that was made again from the one before.
    """
    said = [(RECORD_TIMESTAMP, b"%d" % timestamp), (RECORD_GENERATION, b"%d" % generation)]
    keyed = [] if key is None else [(RECORD_KEY, key)]
    own = [*keyed, *((f"{RECORD_HEADER}{name}", value or b"") for name, value in headers)]
    fitting = _bounded(own)
    cut = len(own) - len(fitting)
    return [*said, *fitting, *([(RECORD_CUT, b"%d" % cut)] if cut else [])]


def carried(headers: Iterable[tuple[str, bytes]], prefix: str) -> Headers:
    """What `of_request` or `of_record` made, back: the headers with this prefix, without it."""
    return [(name.removeprefix(prefix), value) for name, value in headers if name.startswith(prefix)]


_CREDENTIAL = re.compile(r"auth|cookie|token|secret|passw|credential|session|jwt|api-?key|access-?key")
_OF_THE_WIRE = {
    "host",
    "te",
    "trailer",
    "upgrade",
    "via",
    "expect",
    "keep-alive",
    "referer",
    "origin",
    "from",
    "forwarded",
}
_OF_THE_NETWORK = ("accept", "connection", "content-length", "transfer-", "x-forwarded", "x-real-ip", "x-client-ip")
_OF_PROXIES = ("true-client", "cf-", "x-amz", "x-envoy", "sec-", "x-cloud-trace", "x-request-start")
_OF_ADDRESSES = ("x-original-", "x-rewrite-", "x-request-uri")  # which may hold a token


def _is_needed(name: str) -> bool:
    if name in _OF_THE_WIRE or name.startswith((*_OF_THE_NETWORK, *_OF_PROXIES, *_OF_ADDRESSES)):
        return False
    return _CREDENTIAL.search(name) is None


def _bounded(headers: Headers) -> Headers:
    """Those that fit, in their order: what names an event first, then the shortest, so that one long one costs itself
    alone."""
    room, fitting = MOST_CARRIED_BYTES, set()
    for at in sorted(range(len(headers)), key=lambda at: (not _names(headers[at][0]), _length(headers[at]))):
        if _length(headers[at]) <= room:
            room -= _length(headers[at])
            fitting.add(at)
    return [header for at, header in enumerate(headers) if at in fitting]


def _names(header: str) -> bool:
    name = header.removeprefix(RECORD_HEADER).removeprefix(HTTP).lower()
    return name == "content-type" or name.startswith(("ce_", "ce-"))


def _length(header: tuple[str, bytes]) -> int:
    return len(header[0].encode()) + len(header[1])


def _written(problems: Sequence[Problem]) -> str:
    """As JSON, as many as fit."""
    room, fitting = MOST_PROBLEM_BYTES, []
    for problem in problems:
        one = msgspec.json.encode(problem)
        room -= len(one) + 1
        if room < 0:
            break
        fitting.append(one.decode())
    return f"[{','.join(fitting)}]"


class _Sourced(msgspec.Struct):
    source: str


_sourced = msgspec.json.Decoder(_Sourced).decode


def key_of(raw: bytes) -> bytes | None:
    """The key of what is set aside: the event's source where one can be read, whatever else is wrong with it."""
    try:
        return _sourced(raw).source.encode()
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
