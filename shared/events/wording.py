"""The decoder's messages in the words of whoever sends JSON, who has no `str` and no `Literal`."""

import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

INSTANT = "expected an instant with an offset (2026-11-24T08:00:00Z)"

_WORDS = {"str": "text", "int": "number", "float": "number", "bool": "true or false"}


def expected(message: str, kind: Any = None, value: Any = None) -> str:
    """What was expected, as a sentence about JSON. `kind` is the field's type, `value` what was found in it."""
    if "datetime" in message:
        return INSTANT
    if message.startswith("Invalid enum value"):
        return f"expected {_one_of([str(one) for one in _literals(kind)])}; found {value!r:.80}"
    message = message[0].lower() + message[1:].replace(", got ", ", found ")
    message = re.sub(r"(?<=\d)\.0$", "", message)
    return re.sub(r"`([a-z |]+)`", lambda found: _types(found[1]), message)


def _types(names: str) -> str:
    words = dict.fromkeys(_WORDS.get(name, name) for name in names.split(" | "))
    return " or ".join(words)


def _one_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"one of {', '.join(names)}"


def _literals(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    else:
        for part in get_args(kind):
            yield from _literals(part)
