"""Changes texts in certain places of JSON; everything else goes on byte for byte: numbers, unknown fields, order."""

from collections.abc import Callable, Mapping
from typing import Union

import msgspec

from shared.events.text import MOST_NESTED

Change = Callable[[str], str]
Places = Mapping[str, Union[Change, "Places"]]
"""By name: what happens to the text there, or the places within the object there. Lists are looked into."""

TOO_DEEP = b'"[NESTED TOO DEEP]"'

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items = msgspec.json.Decoder(list[msgspec.Raw])
_text = msgspec.json.Decoder(str)
_encode = msgspec.json.Encoder().encode


def changed(raw: bytes, at: Change | Places, depth: int = 0) -> bytes:
    """`raw` with the texts changed that are at these places; all texts below one, where an object or a list is there.

    Of a name that stands twice in an object on the way only the last stays, and what is nested deeper than an event
    may be is left out. Raises msgspec's errors for no JSON, RecursionError for what is nested deeper than it reads.
    """
    begin = raw.lstrip()[:1]
    if depth >= MOST_NESTED and begin in (b"[", b"{"):
        return TOO_DEEP
    if begin == b"[":
        return _encode([_raw(item, at, depth + 1) for item in _items.decode(raw)])
    if begin == b'"' and callable(at):
        return _encode(at(_text.decode(raw)))
    if begin != b"{":
        return raw
    members = _members.decode(raw)
    for name in members if callable(at) else at.keys() & members.keys():
        members[name] = _raw(members[name], at if callable(at) else at[name], depth + 1)
    return _encode(members)


def _raw(value: msgspec.Raw, at: Change | Places, depth: int) -> msgspec.Raw:
    return msgspec.Raw(changed(bytes(value), at, depth))
