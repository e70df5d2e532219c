"""What a column of a CSV file means, by its name in the header. `docs/send.md` has this as a table."""

import re
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import Any

import msgspec

from shared.errors import VocError
from shared.events.model import DATA_OF, Envelope

_ENVELOPE = {field.name for field in msgspec.structs.fields(Envelope)} - {"data", "data_base64"}
_DATA = {field.name: field.type for kind in DATA_OF.values() for field in msgspec.structs.fields(kind)}
_OPEN = ("attributes", "consent")
_LISTS = ("identifiers",)
_SCALE = re.compile(r"(-?[\d.]+)(?:\.\.|…|–|:|-)(-?[\d.]+)")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,99})(\.\d{1,99})?")  # beyond that Python or JSON has none: it stays a text

Row = dict[str, Any]
Put = Callable[[Row, str], None]
"""Puts a cell that is not empty into the event."""


class UnknownColumn(VocError):
    """A header that names something we would have to guess."""


def putters(header: list[str]) -> list[Put]:
    """What to do with each column. Raises UnknownColumn."""
    names = [name.strip() for name in header]
    found = [_putter(name) for name in names]
    _require_places(names)
    return found


def _require_places(names: list[str]) -> None:
    """Raises UnknownColumn for two columns that go to the same place, or one into the other's."""
    for (first, at), (second, below) in permutations([(name, _place(name)) for name in names], 2):
        if at == below:
            raise UnknownColumn(
                f"The column {first!r} is there twice{'' if first == second else f', also as {second!r}'}."
            )
        if at == below[: len(at)]:
            raise UnknownColumn(f"The column {second!r} lies within {first!r}, which is a value: rename one of them.")


def _place(name: str) -> tuple[str, ...]:
    """Where in the event a column's cells go."""
    if name in _ENVELOPE:
        return (name,)
    path = name.removeprefix("data.").split(".")
    return ("data", *path, "score") if path[0] == "answers" and len(path) == 2 else ("data", *path)


def _putter(name: str) -> Put:
    if name in _ENVELOPE:
        return lambda event, text: event.__setitem__(name, text)
    first, *rest = name.removeprefix("data.").split(".")
    if first == "answers" and len(rest) in (1, 2) and rest[0]:
        return _answer(rest[0], *rest[1:])
    if first in _OPEN and rest and all(rest):
        return _nested([first, *rest])
    if rest or (first not in _DATA and name == first) or first in ("answers", *_OPEN):
        raise UnknownColumn(
            f"The column {name!r} is no field of an event; expected an attribute (id, source, type, time, subject, …),"
            " a field of data (action, touchpoint, comment, …), answers.METRIC, attributes.NAME or consent.NAME."
            " A field of your own is written data.NAME."
        )
    if first in _LISTS:
        return lambda event, text: event["data"].__setitem__(first, text.split())
    read = guessed if _counts(_DATA.get(first, str)) else str
    return lambda event, text: event["data"].__setitem__(first, read(text))


def _counts(kind: Any) -> bool:
    """Whether a field wants a number or true/false; in any other, 0042 is a name."""
    for sample in ("7", "true"):
        try:
            if isinstance(msgspec.convert(sample, kind, strict=False), int | float):
                return True
        except msgspec.ValidationError:
            continue
    return False


def _answer(metric: str, part: str = "score") -> Put:
    """`answers.nps` is the score; `answers.nps.scale` as 0-10; `answers.nps.question` the question."""
    read = _PARTS.get(part)
    if read is None:
        raise UnknownColumn(f"The column answers.{metric}.{part}: of an answer there are score, scale and question.")

    def put(event: Row, text: str) -> None:
        answers = event["data"].setdefault("answers", {})
        answers.setdefault(metric, {"metric": metric})[part] = read(text)

    return put


def _nested(path: list[str]) -> Put:
    def put(event: Row, text: str) -> None:
        inner = event["data"]
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = guessed(text)

    return put


def _scale(text: str) -> Any:
    found = _SCALE.fullmatch(text.replace(" ", ""))
    return [guessed(end) for end in found.groups()] if found else text


def guessed(text: str) -> Any:
    """`true` and `false`, a number as people write one, else the text: 0042 and 1e5 stay texts."""
    if text in ("true", "false"):
        return text == "true"
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


_PARTS: dict[str, Callable[[str], Any]] = {"score": guessed, "scale": _scale, "question": str}


def event_of(row: list[str], columns: list[Put], defaults: Mapping[str, str]) -> Row:
    """The event of a row, without `id` where there is no such column. An empty cell is a field that is not there."""
    event: Row = {"specversion": "1.0", **defaults, "data": {}}
    for put, text in zip(columns, row, strict=True):
        if text:
            put(event, text)
    answers = event["data"].get("answers")
    if isinstance(answers, dict):
        event["data"]["answers"] = list(answers.values())
    return event
