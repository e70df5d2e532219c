"""`--rebase now`: an old history told as if it had ended now. Pure; ids stay, so each kind of run wants its own stack.

Instants move by one shift, in whole seconds. A bare date moves by whole days, rounded up: what was kept stays kept,
and a promise broken by less than the part of a day that was added may come out kept.
"""

import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import msgspec

from cli.sending.chunk import Chunk
from shared.events.model import Instant

_DAY = timedelta(days=1)
_PROMISES = ("promised_at", "fulfilled_at")

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_text = msgspec.json.Decoder(str)
_instant = msgspec.json.Decoder(Instant)  # as the door reads them
_encode = msgspec.json.Encoder().encode


class _Timed(msgspec.Struct):
    time: datetime | None = None


_timed = msgspec.json.Decoder(_Timed)


def latest(chunks: Iterable[Chunk]) -> datetime | None:
    """The time of the last event; None where no event has one that can be read."""
    found: datetime | None = None
    for chunk in chunks:
        for line in chunk.lines:
            try:
                at = _timed.decode(line.raw).time
            except msgspec.DecodeError:
                continue  # the door says what is wrong with it
            if at is not None and at.tzinfo is not None and (found is None or at > found):
                found = at
    return found


def shift_to(now: datetime, last_at: datetime) -> timedelta:
    """How far events move so that the one at `last_at` is now, or less than a second ago."""
    return timedelta(seconds=math.floor((now - last_at).total_seconds()))


def rebased(raw: bytes, shift: timedelta) -> bytes:
    """The event with its four instants moved; everything else stands as it was written.

    Raises msgspec.DecodeError for what is no JSON object. A value that is no instant stays: the door says so.
    """
    event = _members.decode(raw)
    _move(event, "time", lambda value: _moved_instant(_instant.decode(value), shift))
    try:
        data = _members.decode(event["data"])
    except (KeyError, msgspec.DecodeError):
        return _encode(event)
    _move(data, "experienced_at", lambda value: _moved_instant(_instant.decode(value), shift))
    for name in _PROMISES:
        _move(data, name, lambda value: moved(_text.decode(value), shift))
    event["data"] = msgspec.Raw(_encode(data))
    return _encode(event)


def _move(members: dict[str, msgspec.Raw], name: str, moved_value: Callable[[msgspec.Raw], str]) -> None:
    value = members.get(name)
    if value is not None:
        with suppress(msgspec.DecodeError, ValueError, OverflowError):
            members[name] = msgspec.Raw(_encode(moved_value(value)))


def moved(text: str, shift: timedelta) -> str:
    """A promise, an instant with an offset or a bare date, moved. Raises ValueError, OverflowError."""
    if len(text) == 10:
        return (date.fromisoformat(text) + timedelta(days=math.ceil(shift / _DAY))).isoformat()
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no offset")
    return _moved_instant(at, shift)


def _moved_instant(at: datetime, shift: timedelta) -> str:
    """In the offset it was written in."""
    written = (at + shift).isoformat()
    return written.replace("+00:00", "Z") if at.tzinfo is UTC else written
