"""The functions that a mapping may call beside JMESPath's own. Each answers null for null: what is missing stays so."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import isfinite
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature

from shared.events.text import MOST_NESTED, nested_too_deep

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What an argument may be; the package's own types know no name for it.
_STRING: Any = {"types": ["string"]}
_TEXT: Any = {"types": ["string", "null"]}
_NUMBER: Any = {"types": ["number", "string", "null"]}
_OBJECT: Any = {"types": ["object", "null"]}
_ARRAY: Any = {"types": ["array", "null"]}
_ANY: Any = {"types": []}
TYPES = {
    "str": "string",
    "int": "number",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
    "NoneType": "null",
}
"""JMESPath's words for Python's types."""


SLIPS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What Python raises on values nobody foresaw; its sentences mostly quote them."""


class Unsuitable(Exception):
    """A function cannot do with what it was given; the sentence names no value."""


class MappingFunctions(Functions):
    """JMESPath's own functions, and these."""

    def call_function(self, function_name: str, resolved_args: Iterable[Any]) -> Any:
        """Raises JMESPathError and Unsuitable."""
        try:
            return super().call_function(function_name, resolved_args)
        except JMESPathError:
            raise
        except SLIPS as error:
            given = ", ".join(TYPES.get(type(one).__name__, "expression") for one in resolved_args)
            raise Unsuitable(f"{function_name}({given}) cannot do with what it was given") from error

    @signature(_NUMBER)
    def _func_from_epoch(self, seconds: float | str | None) -> str | None:
        """An instant from seconds since 1970."""
        return None if seconds is None else _instant(timedelta(seconds=float(seconds)))

    @signature(_NUMBER)
    def _func_from_epoch_ms(self, milliseconds: float | str | None) -> str | None:
        """An instant from milliseconds since 1970."""
        return None if milliseconds is None else _instant(timedelta(milliseconds=float(milliseconds)))

    @signature(_TEXT, _STRING)
    def _func_in_zone(self, local: str | None, zone: str) -> str | None:
        """An instant from a local time such as `2026-03-02 09:16` in an IANA zone; one with an offset keeps it."""
        if not local:
            return None
        at = datetime.fromisoformat(local)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC).isoformat()

    @signature(_TEXT)
    def _func_lower(self, text: str | None) -> str | None:
        return None if text is None else text.lower()

    @signature(_TEXT)
    def _func_trim(self, text: str | None) -> str | None:
        return None if text is None else text.strip()

    @signature(_TEXT, _STRING)
    def _func_split(self, text: str | None, separator: str) -> list[str] | None:
        return None if text is None else text.split(separator) if separator else [text]

    @signature(_TEXT, _STRING, _STRING)
    def _func_replace(self, text: str | None, old: str, new: str) -> str | None:
        return None if text is None else text.replace(old, new)

    @signature(_TEXT)
    def _func_parse_json(self, text: str | None) -> Any:
        """The value of JSON that came as a text."""
        try:
            return None if not text else _whole_characters(_loaded(text), text)
        except json.JSONDecodeError as error:
            raise Unsuitable(f"parse_json() was given a text that is no JSON: {error}") from None

    @signature(_OBJECT)
    def _func_pairs(self, value: dict[str, Any] | None) -> list[dict[str, Any]] | None:
        """An object's members as a list of `{key, value}`."""
        return None if value is None else [{"key": key, "value": member} for key, member in value.items()]

    @signature(_ARRAY)
    def _func_from_pairs(self, pairs: list[dict[str, Any]] | None) -> dict[str, Any] | None:
        """The object of a list of `{key, value}`; those without a key are left out."""
        return None if pairs is None else {str(p["key"]): p.get("value") for p in pairs if p.get("key") is not None}

    @signature(_OBJECT, _TEXT)
    def _func_lookup(self, table: dict[str, Any] | None, key: str | None) -> Any:
        """A member by a name that the payload gives."""
        return None if table is None or key is None else table.get(key)

    @signature(_ANY, _ARRAY)
    def _func_chosen(self, value: Any, options: list[dict[str, Any]] | None) -> Any:
        """`value`, or each of a list, in words where it is the `id` of one of `options`, whose `text` says it."""
        texts = {option.get("id"): option.get("text") for option in options or () if isinstance(option, dict)}
        if isinstance(value, list):
            return [texts.get(one, one) if isinstance(one, str) else one for one in value]
        return texts.get(value, value) if isinstance(value, str) else value

    @signature(_ANY)
    def _func_digest(self, value: Any) -> str | None:
        """16 hex digits that are the same for the same value: for the id of a change that has none of its own."""
        if value is None:
            return None
        written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @signature(_ANY, _ANY, _ANY)
    def _func_if(self, condition: Any, then: Any, otherwise: Any) -> Any:
        """`then` where the condition is neither null, false nor empty."""
        return otherwise if condition is None or condition is False or condition in ("", [], {}) else then

    @signature(_STRING, _ARRAY)
    def _func_named(self, namespace: str, parts: list[Any] | None) -> str | None:
        """`namespace:part`, the parts joined by `/`; null as soon as one of them is missing."""
        if not parts or any(part is None or part == "" for part in parts):
            return None
        return f"{namespace}:{'/'.join(str(part) for part in parts)}"

    @signature(_ARRAY)
    def _func_address(self, parts: list[Any] | None) -> str | None:
        """A path of an address, each part quoted; null as soon as one of them is missing, or would climb by dots."""
        if not parts or any(part is None or part in ("", ".", "..") for part in parts):
            return None
        return "".join(f"/{quote(str(part), safe='')}" for part in parts)

    @signature(_TEXT, _STRING)
    def _func_begins(self, text: str | None, beginning: str) -> bool:
        """Whether a text begins so; null does not."""
        return text is not None and text.startswith(beginning)


def _loaded(text: str) -> Any:
    """As a payload is read itself: no numbers that are none, and not nested without end. Raises Unsuitable."""
    try:
        value = json.loads(text, parse_constant=_finite, parse_float=_finite)
        deep = nested_too_deep(text.encode("utf-8", "surrogatepass"))
    except RecursionError:
        deep = True
    if deep:
        raise Unsuitable(f"parse_json() was given more than {MOST_NESTED} objects and arrays within one another")
    return value


def _finite(written: str) -> float:
    if not isfinite(number := float(written)):
        raise Unsuitable("parse_json() was given a number that is none, or out of range")
    return number


def _whole_characters(value: Any, text: str) -> Any:
    """`value`, read from `text`, with U+FFFD for half a character: a tool that cuts a text may cut an emoji in two."""
    if "\\u" not in text:
        return value
    halves = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(halves.decode("utf-16", "replace"))


def _instant(since_epoch: timedelta) -> str:
    return (_EPOCH + since_epoch).isoformat().replace("+00:00", "Z")
