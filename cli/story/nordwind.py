"""The story's events as a file, and whose page is worth showing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

import examples.retail
from examples.retail.history import events

PROGRAMME = Path(examples.retail.__file__).parent
JOURNEY, MOMENT, METRIC = "order-to-door", "parcel-arrives", "promise_kept"


class History(msgspec.Struct, frozen=True):
    """A file of events, how many, and a customer who was let down and said so."""

    path: Path
    events: int
    subject: str


def write(path: Path, *, ends_at: datetime) -> History:
    """A month that ends now. The carrier's trouble is its last week."""
    count, subject = 0, ""
    with path.open("wb") as file:
        for event in events(ends_at=ends_at):
            file.write(msgspec.json.encode(event) + b"\n")
            count += 1
            subject = event["subject"] if _let_down(event) else subject
    return History(path, count, subject)


def _let_down(event: dict[str, Any]) -> bool:
    said: str = event["data"].get("comment") or ""
    return event["data"].get("touchpoint") == MOMENT and "days after" in said
