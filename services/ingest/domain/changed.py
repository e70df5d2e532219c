"""Changes texts in certain places of JSON; everything else goes on byte for byte: numbers, unknown fields, order."""

from collections.abc import Callable, Mapping
from typing import Union

import msgspec

Change = Callable[[str], str]
Places = Mapping[str, Union[Change, "Places"]]
"""By name: what happens to the text there, or the places within the object there. Lists are looked into."""

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items = msgspec.json.Decoder(list[msgspec.Raw])
_text = msgspec.json.Decoder(str)
_encode = msgspec.json.Encoder().encode


def changed(raw: bytes, at: Change | Places) -> bytes:
    """`raw` with the texts changed that are at these places; all texts below one, where an object or a list is there.

    Of a name that stands twice in an object on the way only the last stays. Raises msgspec's errors for no JSON.
    """
    begin = raw.lstrip()[:1]
    if begin == b"[":
        return _encode([_raw(item, at) for item in _items.decode(raw)])
    if begin == b'"' and callable(at):
        return _encode(at(_text.decode(raw)))
    if begin != b"{":
        return raw
    members = _members.decode(raw)
    for name in members if callable(at) else at.keys() & members.keys():
        members[name] = _raw(members[name], at if callable(at) else at[name])
    return _encode(members)


def _raw(value: msgspec.Raw, at: Change | Places) -> msgspec.Raw:
    return msgspec.Raw(changed(bytes(value), at))
