"""What was refused, and what its sender and the quarantine are told of it."""

from typing import Any

import msgspec

from services.ingest.domain.binary import decoded
from shared.events.refusal import Problem, Refused

DOOR = "POST /v1/events"


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is none. `index` is its place in a batch; `id` and `source` where they could be read."""

    raw: bytes
    problems: list[Problem]
    index: int | None = None
    id: str | None = None
    source: str | None = None
    attributes: dict[str, bytes] = {}
    """The `ce-` headers of a request in binary mode that could not be put together: `raw` is then its body alone."""

    @property
    def reason(self) -> str:
        """All problems as one text."""
        return str(Refused(self.problems))

    @property
    def origin(self) -> str:
        """Which request's, and where in it."""
        return DOOR if self.index is None else f"{DOOR}[{self.index}]"

    def answer(self) -> dict[str, Any]:
        """Its line in the answer to a batch."""
        return {"index": self.index, "id": self.id, "problems": self.problems}


class _Named(msgspec.Struct):
    id: Any = None
    source: Any = None


_named = msgspec.json.Decoder(_Named)


def rejection(raw: bytes, problems: list[Problem], *, index: int | None = None) -> Rejection:
    """The rejection of `raw`, with whatever name it carries."""
    try:
        named = _named.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        named = _Named()
    return Rejection(raw=raw, problems=problems, index=index, id=_text(named.id), source=_text(named.source))


def in_parts(body: bytes, problems: list[Problem], attributes: dict[str, bytes]) -> Rejection:
    """The rejection of a request in binary mode whose headers and body make no event; its name is in the headers."""
    named = {name: _header(attributes.get(f"ce-{name}", b"")) for name in ("id", "source")}
    return Rejection(raw=body, problems=problems, attributes=attributes, id=named["id"], source=named["source"])


def _header(value: bytes) -> str | None:
    try:
        return _text(decoded(value))
    except UnicodeDecodeError:
        return None


def _text(value: Any) -> str | None:
    return value[:1024] if isinstance(value, str) and value else None
