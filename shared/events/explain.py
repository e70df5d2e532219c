"""Says every fault of an event that did not decode. Slow on purpose: it runs only for what is refused."""

from datetime import datetime
from typing import Annotated, Any, get_args, get_origin

import msgspec

from shared.events.limits import too_much
from shared.events.model import DATA_OF, Envelope, Instant, Name
from shared.events.refusal import Problem
from shared.events.rules import broken_rules
from shared.events.text import MOST_NESTED, holds_nul, nested_too_deep
from shared.events.wording import expected

NUL = Problem("", "expected text without U+0000")
TOO_DEEP = Problem("", f"expected at most {MOST_NESTED} objects and arrays within one another")
BASE64 = Problem("data_base64", "expected `data` as JSON")

_json = msgspec.json.Decoder(msgspec.Raw)
_any = msgspec.json.Decoder(float_hook=float)  # JSON allows 1e999; which field cannot hold it is said below
_envelope = msgspec.json.Decoder(Envelope)


def is_json(raw: bytes) -> bool:
    """Whether `raw` is JSON at all."""
    try:
        raw.decode()
        _json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    except RecursionError:
        return True
    return True


def explain(raw: bytes, *, not_after: datetime | None = None) -> list[Problem]:
    """All faults of `raw`, each with its path; never empty for bytes that the strict reader refused."""
    try:
        raw.decode()
        document = _any.decode(raw)
        if nested_too_deep(raw):
            return [TOO_DEEP]
    except RecursionError:
        return [TOO_DEEP]
    except UnicodeDecodeError as error:
        return [Problem("", f"expected UTF-8, found byte 0x{raw[error.start]:02x} at offset {error.start}")]
    except msgspec.ValidationError:
        return _refused_by_reader(raw)
    except msgspec.DecodeError as error:
        return [Problem("", f"expected a CloudEvent as JSON: {error}")]
    if not isinstance(document, dict):
        return [Problem("", f"expected a JSON object, found {_kind(document)}")]
    problems = nul_in(raw) if holds_nul(raw) else []
    problems += _fields(document, Envelope, "", skip=("data", "type", "data_base64"))
    if document.get("data_base64") is not None:
        problems.append(BASE64)
    problems += _typed(document, not_after, but={problem.path for problem in problems})
    return problems or _refused_by_reader(raw)


def _typed(document: dict[str, Any], not_after: datetime | None, *, but: set[str]) -> list[Problem]:
    """The faults of type and data, and the rules' where they can be looked at; those of paths in `but` are known."""
    if "type" not in document:
        return [Problem("type", "missing")]
    kind = DATA_OF.get(document["type"]) if isinstance(document["type"], str) else None
    if kind is None:
        known = ", ".join(DATA_OF)
        return [Problem("type", f"expected one of {known}; found {str(document['type'])[:80]!r}")]
    data = document.get("data")
    if not isinstance(data, dict):
        if "data_base64" in but:
            return []
        return [Problem("data", f"expected an object, found {_kind(data) if 'data' in document else 'nothing'}")]
    problems = _fields(data, kind, "data.")
    subject, time = _converted(document.get("subject"), Name), _converted(document.get("time"), Instant)
    read = None if problems else msgspec.convert(data, kind)
    broken = broken_rules(read, subject, time, not_after=not_after)
    if read is not None and not_after is not None:
        broken += too_much(read)
    return problems + [problem for problem in broken if problem.path not in but]


def _fields(values: dict[str, Any], kind: type, prefix: str, skip: tuple[str, ...] = ()) -> list[Problem]:
    problems = []
    for field in msgspec.structs.fields(kind):
        if field.name in skip:
            continue
        path = f"{prefix}{field.name}"
        if field.name in values:
            problems += _value(values[field.name], field.type, path)
        elif field.required:
            problems.append(Problem(path, "missing"))
    return problems


def _value(value: Any, kind: Any, path: str) -> list[Problem]:
    if isinstance(value, list) and (item := _item_of(kind)) is not None:
        return [problem for index, one in enumerate(value) for problem in _value(one, item, f"{path}[{index}]")]
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _fields(value, kind, f"{path}.")
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        return [Problem(path + where.rstrip("`"), expected(message, kind, value))]
    return []


def _item_of(kind: Any) -> Any:
    """What a tuple of any length is a tuple of; None for another type."""
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    return get_args(bare)[0] if get_origin(bare) is tuple and ... in get_args(bare) else None


def _converted(value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


def _refused_by_reader(raw: bytes) -> list[Problem]:
    """The typed reader's own words: for numbers beyond all bounds, and for a name that stands twice."""
    prefix = ""
    try:
        envelope = _envelope.decode(raw)
        prefix = "data"
        msgspec.json.decode(envelope.data, type=DATA_OF[envelope.type])
    except msgspec.DecodeError as error:
        message, _, where = str(error).partition(" - at `$")
        return [Problem((prefix + where.rstrip("`")).lstrip("."), expected(message))]
    except KeyError:
        pass
    return [Problem("type", f"expected one of {', '.join(DATA_OF)}")]


def nul_in(raw: bytes) -> list[Problem]:
    """Where U+0000 stands, names included; empty where the event cannot be looked into."""
    try:
        return _nul("", _any.decode(raw))
    except msgspec.DecodeError:
        return []


def _nul(path: str, value: Any) -> list[Problem]:
    if isinstance(value, str):
        return [Problem(path, NUL.message)] if "\0" in value else []
    if isinstance(value, dict):
        found = [Problem(path, "expected names without U+0000") for key in value if "\0" in key]
        return found + [p for key, item in value.items() for p in _nul(_below(path, key), item)]
    if isinstance(value, list):
        return [p for index, item in enumerate(value) for p in _nul(f"{path}[{index}]", item)]
    return []


def _below(path: str, key: str) -> str:
    name = key[:80].replace("\0", r"\u0000")
    return f"{path}.{name}" if path else name


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
