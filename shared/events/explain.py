"""Says every fault of an event that did not decode. Slow on purpose: it runs only for what is refused."""

from typing import Any

import msgspec

from shared.events.model import DATA_OF, Envelope
from shared.events.refusal import Problem


def explain(raw: bytes) -> list[Problem]:
    """All faults of `raw`, each with its path; never empty for bytes that the strict reader refused."""
    try:
        document = msgspec.json.decode(raw.decode())
    except UnicodeDecodeError as error:
        return [Problem("", f"expected UTF-8, found byte 0x{raw[error.start]:02x} at offset {error.start}")]
    except msgspec.DecodeError as error:
        return [Problem("", f"expected a CloudEvent as JSON: {error}")]
    if not isinstance(document, dict):
        return [Problem("", f"expected a JSON object, found {_kind(document)}")]
    problems = nul_in(document)
    problems += _fields(document, Envelope, "", skip=("data", "type"))
    problems += _typed(document)
    return problems or [Problem("", "expected a CloudEvent of one of the four types")]


def _typed(document: dict[str, Any]) -> list[Problem]:
    if "type" not in document:
        return [Problem("type", "missing")]
    kind = DATA_OF.get(document["type"]) if isinstance(document["type"], str) else None
    if kind is None:
        known = ", ".join(DATA_OF)
        return [Problem("type", f"expected one of {known}; found {str(document['type'])[:80]!r}")]
    data = document.get("data")
    if not isinstance(data, dict):
        return [Problem("data", f"expected an object, found {_kind(data) if 'data' in document else 'nothing'}")]
    return _fields(data, kind, "data.")


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
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        return [Problem(path + where.rstrip("`"), message[0].lower() + message[1:])]
    return []


def nul_in(value: Any, path: str = "") -> list[Problem]:
    """U+0000 anywhere, keys included: PostgreSQL keeps no text that holds it."""
    if isinstance(value, str):
        return [Problem(path, "expected text without U+0000")] if "\0" in value else []
    if isinstance(value, dict):
        found = [Problem(path, "expected names without U+0000") for key in value if "\0" in key]
        return found + [p for key, item in value.items() for p in nul_in(item, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        return [p for index, item in enumerate(value) for p in nul_in(item, f"{path}[{index}]")]
    return []


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
