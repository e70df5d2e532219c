"""Personas decided a second time, slowly: every feature is looked up in the list of a customer's events.

It shares no code with scoring. Events come whole and in the order of folding, promises are given within instances, and
no timer fires.
"""

from datetime import datetime, timedelta
from typing import Any

Event = dict[str, Any]


def decisions(events: list[Event], personas: list[dict[str, Any]]) -> list[tuple[str, float, float, float]]:
    """After each event: persona, and the score, coverage and confidence that it would be decided with now, which is
    the time of the latest."""
    held: str | None = None
    waiting: tuple[str, datetime] | None = None
    found = []
    default = next((p["persona"] for p in personas if p.get("default")), "unassigned")
    for number in range(1, len(events) + 1):
        so_far = events[:number]
        now = max(instant(event["time"]) for event in so_far)
        rated = {p["persona"]: rate(p, so_far, now) for p in personas if p.get("signals")}
        held, waiting = hold(held, waiting, rated, {p["persona"]: p["priority"] for p in personas}, now)
        name = held or default
        score, coverage, _ = rated.get(name, (0, 0, True))
        others = [s for other, (s, _, allowed) in rated.items() if other != name and allowed]
        sure = coverage * min(1, max(0, (score - max(others, default=0)) / 0.2))
        found.append((name, score, coverage, sure))
    return found


def rate(persona: dict[str, Any], events: list[Event], now: datetime) -> tuple[float, float, bool]:
    """Score, coverage, and whether its gates let it be considered."""
    musts = [feature(gate["feature"], events, now) for gate in persona.get("must", [])]
    nots = [feature(gate["feature"], events, now) for gate in persona.get("must_not", [])]
    allowed = all(v is not None and degree(g, v) >= 0.5 for g, v in zip(persona.get("must", []), musts, strict=True))
    allowed &= not any(
        v is not None and degree(g, v) >= 0.5 for g, v in zip(persona.get("must_not", []), nots, strict=True)
    )
    told = [(s, feature(s["condition"]["feature"], events, now)) for s in persona["signals"]]
    known = [(s["weight"], degree(s["condition"], v)) for s, v in told if v is not None]
    weight = sum(w for w, _ in known)
    if not weight:
        return 0, 0, allowed
    return sum(w * m for w, m in known) / weight, weight / sum(s["weight"] for s, _ in told), allowed


def degree(condition: dict[str, Any], value: Any) -> float:
    if "from" in condition:
        along: float = (value - condition["from"]) / (condition["to"] - condition["from"])
        return min(1, max(0, along))
    return float(condition.get("at_least", value) <= value <= condition.get("at_most", value))


def hold(
    held: str | None,
    waiting: tuple[str, datetime] | None,
    rated: dict[str, tuple[float, float, bool]],
    priority: dict[str, int],
    now: datetime,
) -> tuple[str | None, tuple[str, datetime] | None]:
    fit = {p: (s, c) for p, (s, c, allowed) in rated.items() if allowed and s > 0.5 - 1e-9 and c > 0.5 - 1e-9}
    best = None
    if fit:
        top = max(score for score, _ in fit.values())
        tied = [p for p, (score, _) in fit.items() if top - score <= 1e-9]
        best = held if held in tied else sorted(tied, key=lambda p: (round(-fit[p][1], 9), priority[p], p))[0]
    if held is None or not rated[held][2]:
        return best, None
    if best is None and rated[held][0] < 0.5 - 1e-9:
        return (None, None) if waiting and waiting[0] == "" else (held, ("", now))
    if best in (None, held) or rated[best or ""][0] < rated[held][0] + 0.1 - 1e-9:
        return held, None
    if waiting is None or waiting[0] != best:
        return held, (best or "", now)
    return (best, None) if now - waiting[1] >= timedelta(hours=24) else (held, waiting)


def feature(name: str, events: list[Event], now: datetime) -> float | None:
    kind, _, rest = name.partition(".")
    data = [event["data"] for event in events]
    if kind == "tenure_days":
        return days(min(instant(event["time"]) for event in events), now)
    if kind == "count":
        return len([one for one in data if one.get("action") == rest])
    if kind == "days_since":
        times = [instant(event["time"]) for event in events if event["data"].get("action") == rest]
        return days(max(times), now) if times else None
    if kind == "share_of_channel":
        channels = [one["channel"] for one in data if one.get("channel")]
        return channels.count(rest) / len(channels) if channels else None
    if kind == "promise":
        return missed(events)
    metric, _, stat = rest.partition(".")
    said: list[tuple[Any, float]] = [
        ((instant(event["time"]), event["source"], event["id"]), answer["score"])
        for event in events
        for answer in event["data"].get("answers", [])
        if answer["metric"] == metric
    ]
    if not said:
        return None
    return max(said, key=lambda one: one[0])[1] if stat == "last" else sum(score for _, score in said) / len(said)


def missed(events: list[Event]) -> int:
    """Orders that were delivered after the instant that their first `placed` had promised."""
    count = 0
    for number in {event["data"].get("instance") for event in events}:
        its = sorted(
            (instant(event["time"]), event["source"], event["id"], event["data"])
            for event in events
            if event["data"].get("instance") == number
        )
        due = [instant(data["promised_at"]) for *_, data in its if data.get("promised_at")]
        came = [at for at, *_, data in its if data.get("action") == "delivered"]
        count += bool(due and came and came[0] > due[0])
    return count


def days(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds() / 86_400)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
