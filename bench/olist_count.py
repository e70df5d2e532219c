"""What the real orders come to by month, counted from the file alone: no code of ours but the reading of JSON."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

Month = tuple[int, int]
"""(year, month), in UTC."""

Share = tuple[int, int]
"""(how many were good, out of how many)"""


def events_of(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The file's events in order of (time, source, id), each once."""
    found = [json.loads(line) for line in lines]
    unique = {(event["source"], event["id"]): event for event in found}
    return sorted(unique.values(), key=lambda event: (instant(event["time"]), event["source"], event["id"]))


def csat(events: Iterable[dict[str, Any]]) -> dict[Month, Share]:
    """Answers of 4 and 5 among all, in the month in which they were given; of one response's parts the last counts."""
    answers: dict[tuple[str, str], tuple[Month, int]] = {}
    for event in events:
        if event["type"] != "voc.feedback" or event["data"].get("touchpoint") != "parcel-arrives":
            continue
        for answer in event["data"].get("answers", []):
            if answer["metric"] == "csat":
                key = event["subject"], event["data"]["response"]
                answers[key] = month_of(instant(event["time"])), answer["score"]
    return _shares((month, score >= 4) for month, score in answers.values())


def promise_kept(events: Iterable[dict[str, Any]]) -> dict[Month, Share]:
    """Orders that came by the promised instant, in the month they came; all others in the month they were due.

    Every promise of the file is past, so whatever did not come by then was missed.
    """
    placed: dict[str, datetime] = {}
    delivered: dict[str, datetime] = {}
    for event in events:
        data, order = event["data"], event["data"].get("instance")
        if data.get("action") == "placed" and data.get("promised_at"):
            placed.setdefault(order, instant(data["promised_at"]))
        if data.get("action") == "delivered":
            delivered.setdefault(order, instant(event["time"]))
    kept = {order: order in delivered and delivered[order] <= due for order, due in placed.items()}
    return _shares((month_of(delivered[order] if kept[order] else due), kept[order]) for order, due in placed.items())


def instant(text: str) -> datetime:
    """An instant with its offset, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def month_of(at: datetime) -> Month:
    """The month an instant falls in."""
    return at.year, at.month


def _shares(found: Iterable[tuple[Month, bool]]) -> dict[Month, Share]:
    good: Counter[Month] = Counter()
    all_of: Counter[Month] = Counter()
    for month, is_good in found:
        good[month] += is_good
        all_of[month] += 1
    return {month: (good[month], all_of[month]) for month in sorted(all_of)}
