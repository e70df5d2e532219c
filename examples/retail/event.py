"""How events of the story are written: CloudEvents, as a producer would send them."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Event = dict[str, Any]


def event(kind: str, source: str, name: str, at: datetime, subject: str | None, /, **data: Any) -> Event:
    """A CloudEvent of the type `voc.<kind>`; fields of `data` that are None are left out, and so is a None subject."""
    found = {"specversion": "1.0", "id": name, "source": source, "type": f"voc.{kind}", "time": stamp(at)}
    if subject is not None:
        found["subject"] = subject
    return found | {"data": {field: value for field, value in data.items() if value is not None}}


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC, whole milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def later(at: datetime, chance: Random, low: float, high: float) -> datetime:
    """An instant `low` to `high` hours after `at`."""
    return at + timedelta(hours=chance.uniform(low, high))


def score(chance: Random, lowest: int, highest: int, mood: float) -> int:
    """An answer on a scale: `mood` 0 is as bad as it gets, 1 as good, and people differ."""
    wanted = lowest + (highest - lowest) * chance.gauss(mood, 0.18)
    return max(lowest, min(highest, round(wanted)))
