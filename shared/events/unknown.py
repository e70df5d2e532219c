"""Fields that the contract does not know: kept in the event's bytes, read when a programme asks for one."""

from typing import Any

import msgspec


class _Whole(msgspec.Struct):
    data: dict[str, msgspec.Raw] = {}


_fields = msgspec.json.Decoder(_Whole)


def unknown_field(raw: bytes, name: str) -> Any:
    """A field of an event's data; None where there is none, or where it holds a number that nothing here can hold
    (JSON allows 1e999, and unknown fields are never refused)."""
    found = _fields.decode(raw).data.get(name)
    try:
        return None if found is None else msgspec.json.decode(found)
    except msgspec.ValidationError:
        return None
