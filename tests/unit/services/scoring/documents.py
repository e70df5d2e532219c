"""Events as senders write them, short."""

from datetime import timedelta
from typing import Any

from tests.histories import BEGIN


def document(name: str, kind: str, minutes: int, /, **data: Any) -> dict[str, Any]:
    """An event of ana's, so many minutes into the history."""
    head = {"specversion": "1.0", "id": name, "source": "urn:shop", "type": f"voc.{kind}", "subject": "ana"}
    return head | {"time": (BEGIN + timedelta(minutes=minutes)).isoformat(), "data": data}


def part(name: str, minutes: int, /, **data: Any) -> dict[str, Any]:
    """A part of ana's one survey response."""
    return document(name, "feedback", minutes, response="r", **data)
