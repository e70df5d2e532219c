"""What the inbox keeps: messages of Slack and mails."""

from datetime import UTC, datetime
from typing import Any

import msgspec


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a conversation of Slack. `thread_ts` is its parent's `ts`, None for one that has none above it."""

    channel: str
    ts: str
    text: str = ""
    blocks: list[dict[str, Any]] = []
    metadata: dict[str, Any] | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: str | None = None

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail for one recipient as it stood on the envelope; `content` is what came after DATA."""

    number: int = 0
    sender: str
    recipient: str
    at: datetime
    content: bytes


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What `voc inbox --json` lists (design §2.5): `thread` is the same for what belongs together."""

    kind: str
    to: str
    text: str
    at: datetime
    thread: str | None
