"""What was refused, and what its sender and the quarantine are told of it."""

from typing import Any

import msgspec

from shared.events.refusal import Problem, Refused

DOOR = "POST /v1/events"


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is none. `index` is its place in a batch; `id` and `source` where they could be read."""

    raw: bytes
    problems: list[Problem]
    index: int | None = None
    id: str | None = None
    source: str | None = None

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


def _text(value: Any) -> str | None:
    return value[:1024] if isinstance(value, str) and value else None
