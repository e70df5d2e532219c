"""Values of a programme as people write them, for differences and reports."""

from datetime import date
from typing import Any

import msgspec

from shared.programme.durations import written
from shared.programme.hours import DAYS
from shared.programme.model import (
    Allowance,
    Condition,
    Delay,
    Escalation,
    Measure,
    Opening,
    PromiseMissed,
    Receiver,
    ScoreIs,
    Signal,
)

SECONDS = {"settle", "window", "short", "tick", "grace", "idle_after", "fresh"}
"""Fields whose whole numbers are seconds."""

LONGEST = 80


def wording(field: str, value: Any) -> str:
    """The value of a field in at most `LONGEST` characters and one line; nothing for None."""
    said = " ".join(_words(field, value).split())
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def _words(field: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and field in SECONDS:
        return written(value)
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        if field == "redact" and not value:
            return "nothing"
        return ", ".join(_pair(item) if field == "match" else _words(field, item) for item in value)
    return _struct(value) if isinstance(value, msgspec.Struct) else str(value)


def _pair(item: tuple[str, tuple[Any, ...]]) -> str:
    return f"{item[0]} is {' or '.join(_words('', value) for value in item[1])}"


def _struct(value: msgspec.Struct) -> str:
    match value:
        case Delay():
            return written(value.seconds, business=value.business)
        case Allowance():
            return f"{value.times} in {written(value.seconds)}"
        case ScoreIs():
            return f"{value.metric} {value.comparison} {value.value:g}"
        case PromiseMissed():
            return "promise missed"
        case Opening():
            return f"{DAYS[value.weekday]} {_clock(value.opens)}-{_clock(value.closes)}"
        case Receiver():
            return f"{value.channel} {value.to}"
        case Escalation():
            return f"{value.to} after {_struct(value.after)}"
        case Signal():
            return f"{_condition(value.condition)} (weight {value.weight:g})"
        case Condition():
            return _condition(value)
        case Measure():
            return _measure(value)
    return _fields(value, value.__struct_fields__)


def _fields(value: msgspec.Struct, names: tuple[str, ...]) -> str:
    said = ((name, _words(name, getattr(value, name))) for name in names)
    return ", ".join(f"{name} {words}" for name, words in said if words)


def _condition(condition: Condition) -> str:
    given = ("at_least", "at_most", "in", "is", "from", "to")
    values = (*(getattr(condition, name) for name in condition.__struct_fields__[1:]),)
    said = (f"{word} {_words('', value)}" for word, value in zip(given, values, strict=True) if value is not None)
    return f"{condition.feature} {' '.join(said)}"


def _measure(measure: Measure) -> str:
    return _fields(measure, ("window", "red_below", "yellow_below", "red_above", "yellow_above", "at_least"))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
