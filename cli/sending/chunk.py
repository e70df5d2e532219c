"""A stretch of a file: its events, what of it is none, and where it ends."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from shared.events.explain import explain
from shared.events.refusal import Problem

READ_BYTES = 512 * 1024
"""How much of a file is taken at a time: about 1,700 events."""


class Line(NamedTuple):
    """An event as it will be sent. `number` is its line in the file, from 1."""

    number: int
    raw: bytes
    subject: Any = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A line that was not taken, and why. `raw` is what stands there, or what was made of it."""

    line: int
    id: Any = None
    problems: list[Problem]
    raw: bytes = b""


class Chunk(msgspec.Struct, kw_only=True):
    """`offset` and `line` are where the file goes on behind it: a byte, and the lines up to there.

    `accepted` and `refusals` are complete when the door has answered for all of it.
    """

    lines: list[Line] = []
    refusals: list[Refusal] = []
    offset: int = 0
    line: int = 0
    accepted: int = 0


Chunks = Iterator[Chunk]
Change = Callable[[bytes], bytes]
"""What happens to an event on its way; raises msgspec.DecodeError for what is no JSON object."""


class _Named(msgspec.Struct):
    subject: Any = None


_named = msgspec.json.Decoder(_Named)
_any = msgspec.json.Decoder(msgspec.Raw)


def place(number: int, raw: bytes, change: Change | None) -> Line | Refusal:
    """The event of a line. What is not JSON is refused here: in a batch it would take the others with it."""
    try:
        if not raw.isascii():
            raw.decode()
        subject = _named.decode(raw).subject
        return Line(number, raw if change is None else change(raw), subject)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if _is_json(raw):
            return Line(number, raw)  # but no object: the door says so better
        return Refusal(line=number, problems=explain(raw), raw=raw)


def _is_json(raw: bytes) -> bool:
    try:
        _any.decode(raw.decode())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
