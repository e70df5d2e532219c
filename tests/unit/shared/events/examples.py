"""The golden examples as tests take them."""

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from shared.events.refusal import Problem

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "events" / "examples"


class Refusal(msgspec.Struct):
    """An event, or a body that is none, and why it is refused. `received_at` where it depends on the clock."""

    malformed: bool
    problems: list[Problem]
    event: dict[str, Any] | None = None
    body: str | None = None
    body_base64: str | None = None
    received_at: datetime | None = None

    def raw(self) -> bytes:
        if self.event is not None:
            return msgspec.json.encode(self.event)
        return self.body.encode() if self.body is not None else base64.b64decode(self.body_base64 or "")


def accepted() -> dict[str, bytes]:
    """Name → the event as it is sent."""
    return {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.json"))}


def refused() -> dict[str, Refusal]:
    """Name → what is sent, and what is answered."""
    return {
        path.stem: msgspec.json.decode(path.read_bytes(), type=Refusal)
        for path in sorted((FOLDER / "refused").glob("*.json"))
    }
