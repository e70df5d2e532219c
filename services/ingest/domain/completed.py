"""What a map left to us: an event's envelope, and what its source says of all its events."""

from typing import Any, NamedTuple

from shared.events.model import DATA_OF
from shared.programme.source import Source

OF_THE_SOURCE = ("journey", "touchpoint", "channel")


class Said(NamedTuple):
    """What is known beside the map: the id where it gives none; the source, whatever it gives; and the source's own
    words for who and which, which stand before the map's."""

    id: str
    source: str
    subject: Any = None
    instance: Any = None


def completed(event: dict[str, Any], source: Source, said: Said) -> dict[str, Any]:
    """The whole event. Numbers as id or subject become texts: many systems count their customers."""
    whole = {name: value for name, value in event.items() if value is not None}
    if said.subject is not None:
        whole["subject"] = said.subject
    for name in ("id", "subject"):
        if isinstance(whole.get(name), int | float):
            whole[name] = str(whole[name])
    whole = {"specversion": "1.0", "id": said.id, **whole, "source": said.source}
    if isinstance(data := whole.get("data"), dict):
        whole["data"] = _completed(data, DATA_OF.get(str(whole.get("type"))), source, said.instance)
    return whole


def _completed(data: dict[str, Any], kind: type | None, source: Source, instance: Any) -> dict[str, Any]:
    own = {name: _without_nulls(value) for name, value in data.items() if value is not None}
    if kind is None:
        return own
    fields = getattr(kind, "__struct_fields__", ())
    given = {name: value for name in OF_THE_SOURCE if name in fields and (value := getattr(source, name)) is not None}
    if instance is not None and "instance" in fields:
        own["instance"] = str(instance) if isinstance(instance, int | float) else instance
    return {**given, **own}


def _without_nulls(value: Any) -> Any:
    """An attribute that the payload does not have is none, not an empty one."""
    return {name: one for name, one in value.items() if one is not None} if isinstance(value, dict) else value
