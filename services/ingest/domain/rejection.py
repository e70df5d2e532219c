"""What was refused, and what its sender and the quarantine are told of it."""

from typing import Any

import msgspec

from services.ingest.domain.binary import decoded
from services.ingest.domain.mode import JSON_TYPE, STRUCTURED_TYPE
from shared.events.refusal import Problem, Refused
from shared.events.set_aside import Door, Kind

DOOR = "POST /v1/events"


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """What came and is no event. `index` is its place in a batch; `id` and `source` where they could be read."""

    raw: bytes
    problems: list[Problem]
    index: int | None = None
    id: str | None = None
    source: str | None = None
    attributes: dict[str, bytes] = {}
    """The `ce-` headers of a request in binary mode that could not be put together: `raw` is then its body alone."""
    door: Door = "events"
    kind: Kind = "invalid"
    at: str = DOOR
    """The request's method and path, or the record's topic[partition]@offset."""
    content_type: str | None = STRUCTURED_TYPE
    proven: bool | None = True
    """Whether its sender proved who they are, by key or signature; None where nobody asks, as of a topic."""
    carried: tuple[tuple[str, bytes], ...] = ()
    """What a replay needs beside the bytes: `of_request` or `of_record` of shared/kafka/quarantine.py made it."""

    @property
    def reason(self) -> str:
        """All problems as one text."""
        return str(Refused(self.problems))

    @property
    def origin(self) -> str:
        """Which request's, and where in it."""
        return self.at if self.index is None else f"{self.at}[{self.index}]"

    def answer(self) -> dict[str, Any]:
        """Its line in the answer to a batch."""
        return {"index": self.index, "id": self.id, "problems": self.problems}


class _Named(msgspec.Struct):
    id: Any = None
    source: Any = None


_named = msgspec.json.Decoder(_Named)


def rejection(
    raw: bytes, fault: Refused, *, index: int | None = None, content_type: str = STRUCTURED_TYPE
) -> Rejection:
    """The rejection of `raw`, with whatever name it carries."""
    try:
        named = _named.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        named = _Named()
    return Rejection(
        raw=raw,
        problems=fault.problems,
        index=index,
        id=_text(named.id),
        source=_text(named.source),
        kind=kind_of(fault),
        content_type=content_type,
    )


def in_parts(body: bytes, fault: Refused, attributes: dict[str, bytes], content_type: bytes) -> Rejection:
    """The rejection of a request in binary mode whose headers and body make no event; its name is in the headers."""
    named = {name: _header(attributes.get(f"ce-{name}", b"")) for name in ("id", "source")}
    return Rejection(
        raw=body,
        problems=fault.problems,
        attributes=attributes,
        id=named["id"],
        source=named["source"],
        kind=kind_of(fault),
        content_type=content_type.decode("latin-1") or JSON_TYPE,
    )


def kind_of(fault: Refused) -> Kind:
    """The fault in a word."""
    return "malformed" if fault.malformed else "invalid"


def _header(value: bytes) -> str | None:
    try:
        return _text(decoded(value))
    except UnicodeDecodeError:
        return None


def _text(value: Any) -> str | None:
    return value[:1024] if isinstance(value, str) and value else None
