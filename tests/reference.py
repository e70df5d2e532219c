"""What scoring must come to, said slowly and plainly: one pass over a list of events, nothing kept between.

It shares no code with scoring but the published scales and the sketch's key. `now` is when the last timer has fired.
"""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from shared.metrics.scales import check_score, scale_of
from shared.metrics.sketch import duration_key

Event = dict[str, Any]
Stamp = tuple[datetime, str, str]

ZONE = ZoneInfo("Europe/Berlin")
TOUCHPOINTS = {
    "order-placed": "order-to-door",
    "parcel-arrives": "order-to-door",
    "chat": "get-help",
    "call-back": "get-help",
}
ACTIONS = {"placed": "order-placed", "delivered": "parcel-arrives", "chatted": "chat", "called-back": "call-back"}
PROMISES = {
    "parcel-arrives": ("order-to-door", "placed", "delivered", timedelta()),
    "call-back": ("get-help", "chatted", "called-back", timedelta(hours=1)),
}
JOURNEYS = ("order-to-door", "get-help")
PERSONA = "everyday"


def counts(events: list[dict[str, Any]], now: datetime) -> Counter[tuple[Any, ...]]:
    """(journey, touchpoint, perspective, metric, scale, persona, channel, quarter, value) → n."""
    unique = {(e["source"], e["id"]): e for e in reversed(events)}
    ordered = sorted(unique.values(), key=stamp)
    total: Counter[tuple[Any, ...]] = Counter()
    responses: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for event in ordered:
        data = event["data"]
        if event["type"] == "voc.interaction":
            _interaction(total, event)
        if event["type"] == "voc.feedback":
            if data.get("response") is None:
                _answers(total, event, data, [(stamp(event), a) for a in data.get("answers", [])])
            else:
                who = customer(event) or ("nobody", event["source"])
                responses[who, data["response"]].append(event)
            if data.get("response") is None and _where(event, data) is None:
                total[_cell(event, data, None, "off_map", "", instant(event["time"]), 1)] += 1
    for parts in responses.values():
        _response(total, parts)
    _promises(total, ordered, now)
    return total


def stamp(event: dict[str, Any]) -> tuple[datetime, str, str]:
    return instant(event["time"]), event["source"], event["id"]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def customer(event: dict[str, Any]) -> str | None:
    subject = event.get("subject")
    return subject if subject is None or ":" in subject else f"customer:{subject}"


def _where(event: dict[str, Any], data: dict[str, Any]) -> tuple[str, str] | None:
    touchpoint, journey = data.get("touchpoint"), data.get("journey")
    if touchpoint in TOUCHPOINTS and journey in (None, TOUCHPOINTS[touchpoint]):
        return TOUCHPOINTS[touchpoint], touchpoint
    matched = ACTIONS.get(data.get("action", "")) if event["type"] == "voc.interaction" else None
    if matched is not None and journey in (None, TOUCHPOINTS[matched]):
        return TOUCHPOINTS[matched], matched
    return None


def _cell(
    event: Event, data: Event, where: tuple[str, str] | None, metric: str, scale: str, at: datetime, value: int
) -> tuple[Any, ...]:
    named = data.get("journey") if data.get("journey") in JOURNEYS else ""
    journey, touchpoint = where or (named, "")
    persona = PERSONA if event.get("subject") else "none"
    quarter = int(at.timestamp() // 900)
    perspective = data.get("perspective") or "customer"
    return journey, touchpoint, perspective, metric, scale, persona, data.get("channel") or "", quarter, value


def _interaction(total: Counter[tuple[Any, ...]], event: dict[str, Any]) -> None:
    data, at = event["data"], instant(event["time"])
    where = _where(event, data)
    if where is None:
        if data.get("action") not in ("survey-invited", "survey-reminded", "survey-declined"):
            total[_cell(event, data, None, "off_map", "", at, 1)] += 1
        return
    for metric in ("response_seconds", "wait_seconds", "duration_seconds"):
        if data.get(metric) is not None:
            total[_cell(event, data, where, metric, "ms", at, duration_key(data[metric] * 1000))] += 1


def _answers(
    total: Counter[tuple[Any, ...]], event: Event, data: Event, answers: list[tuple[Stamp, dict[str, Any]]]
) -> None:
    where = _where(event, data)
    if where is None:
        return
    for (at, _, _), answer in answers:
        bounds = tuple(answer["scale"]) if answer.get("scale") else None
        scale = scale_of(answer["metric"], bounds)
        when = instant(data["experienced_at"]) if data.get("experienced_at") else at
        value = check_score(scale, answer["score"])
        total[_cell(event, data, where, answer["metric"], scale.scale_id, when, value)] += 1
    first: dict[str, tuple[Stamp, dict[str, Any]]] = {}
    for given, answer in answers:
        first.setdefault(answer["metric"], (given, answer))
    if {"effectiveness", "ease", "enjoyment"} <= first.keys():
        _index(total, event, data, where, [first[name] for name in ("effectiveness", "ease", "enjoyment")])


def _index(
    total: Counter[tuple[Any, ...]], event: Event, data: Event, where: tuple[str, str], given: list[Any]
) -> None:
    """The mean of the three on 0–100, of which a hundred is eighteen."""
    ends = [answer.get("scale") or usual for (_, answer), usual in zip(given, ([0, 2], [1, 7], [1, 7]), strict=True)]
    norms = [Fraction(answer["score"] - low, high - low) for (_, answer), (low, high) in zip(given, ends, strict=True)]
    value = sum(norms, Fraction(0)) / 3 * 18
    assert value.denominator == 1
    at = max(stamp for stamp, _ in given)[0]
    when = instant(data["experienced_at"]) if data.get("experienced_at") else at
    total[_cell(event, data, where, "three_e", "three_e_0_18", when, int(value))] += 1


def _response(total: Counter[tuple[Any, ...]], parts: list[dict[str, Any]]) -> None:
    """Parts are in order of (time, source, id): whatever a later one says stands."""
    whole: dict[str, Any] = {}
    answers: dict[Any, Any] = {}
    for part in parts:
        whole |= {name: value for name, value in part["data"].items() if value is not None and name != "answers"}
        times: Counter[str] = Counter()
        for answer in part["data"].get("answers", []):
            times[answer["metric"]] += 1
            answers[answer["metric"], times[answer["metric"]]] = (stamp(part), answer)
    _answers(total, parts[0], whole, list(answers.values()))
    if _where(parts[0], whole) is None:
        total[_cell(parts[0], whole, None, "off_map", "", instant(parts[0]["time"]), 1)] += 1


def _promises(total: Counter[tuple[Any, ...]], ordered: list[dict[str, Any]], now: datetime) -> None:
    for touchpoint, (journey, opens, keeps, grace) in PROMISES.items():
        runs: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for event in ordered:
            data = event["data"]
            speaks = event["type"] == "voc.interaction" and data.get("action") in (opens, keeps)
            where = _where(event, data)
            its = where[0] if where else data.get("journey")
            if speaks and customer(event) and its in (None, journey):
                runs[customer(event), data.get("instance")].append(event)
        for (_, number), events in runs.items():
            for due, kept in _pairs(events, opens, keeps, number):
                if kept is not None and kept <= due:
                    at, value = kept, 1
                elif kept is not None or due + grace < now:
                    at, value = due, 0
                else:
                    continue
                quarter = int(at.timestamp() // 900)
                total[journey, touchpoint, "customer", "promise_kept", "", PERSONA, "", quarter, value] += 1


def _pairs(events: list[Event], opens: str, keeps: str, number: str | None) -> list[tuple[datetime, datetime | None]]:
    opened = [e for e in events if e["data"]["action"] == opens and e["data"].get("promised_at")]
    closed = [e for e in events if e["data"]["action"] == keeps]
    if number is not None:
        kept = instant(closed[0]["time"]) if closed else None
        return [(_due(opened[0]), kept)] if opened else []
    pairs: list[tuple[datetime, datetime | None]] = []
    for closing in closed:
        waiting = [e for e in opened if stamp(e) < stamp(closing)]
        if waiting:
            opened.remove(waiting[0])
            pairs.append((_due(waiting[0]), instant(closing["time"])))
    return pairs + [(_due(e), None) for e in opened]


def _due(event: dict[str, Any]) -> datetime:
    text = event["data"]["promised_at"]
    if len(text) > 10:
        return instant(text)
    midnight = datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), ZONE)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)
