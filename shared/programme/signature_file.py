"""Reads how a sender of our own configuration signs: `signature` of a generic source."""

import re
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

from msgspec import to_builtins

from shared.programme.reading import Spot, Wrong
from shared.programme.source import Signature
from shared.programme.values import choice, text, whole

PLACES = re.compile(r"\{(body|timestamp|id|method|url|secret|form:[\w.-]+|option:[\w.-]+)\}")
_LONGEST_PATTERN = 200
_PATTERNS = ("find", "timestamp_find")


def signature(spot: Spot) -> Signature:
    """A signature, whose parts must fit together."""
    with spot.fields() as fields:
        found: dict[str, Any] = {
            name: value for name, reader in _READERS.items() if (value := fields.get(name, reader, None)) is not None
        }
        if fields.sound:
            _check(found)
    return Signature(**found)


def check(signature: Signature) -> None:
    """That one which came by another way than a file fits together. Raises Wrong."""
    for name in _PATTERNS:
        if (pattern := getattr(signature, name)) is not None:
            _check_pattern(pattern)
    _check({name: value for name, value in to_builtins(signature).items() if value is not None})


def _check(found: dict[str, Any]) -> None:
    if ("header" in found) is ("field" in found):
        raise Wrong("where the signature is: either header: NAME or field: NAME (of a form)")
    signed = found.get("signed", "{body}")
    if "{timestamp}" in signed and "timestamp_header" not in found:
        raise Wrong("timestamp_header, because {timestamp} is signed")
    if "timestamp_header" in found and "{timestamp}" not in signed:
        raise Wrong("{timestamp} in what is signed, because of timestamp_header: else anybody could write a new one")
    if "{secret}" not in found.get("key", "{secret}"):
        raise Wrong("{secret} in the key: else anybody could sign")
    if "{id}" in signed and "id_header" not in found:
        raise Wrong("id_header, because {id} is signed")
    if "{body}" not in signed and "{form:" not in signed:
        raise Wrong("{body} in what is signed: else anybody could change it")


def _template(spot: Spot) -> str:
    rest = PLACES.sub("", text(spot))
    if "{" in rest or "}" in rest:
        raise Wrong("a text with the places {body}, {timestamp}, {id}, {method}, {url} and {form:NAME}")
    return spot.raw


def _pattern(spot: Spot) -> str:
    _check_pattern(text(spot))
    return spot.raw


def _check_pattern(pattern: str) -> None:
    """One with one group, and short, because it looks at what strangers send."""
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise Wrong("a regular expression", f"{pattern!r} ({error})") from None
    if groups != 1 or len(pattern) > _LONGEST_PATTERN:
        raise Wrong(f"a regular expression with one group, at most {_LONGEST_PATTERN} characters")


def _header(spot: Spot) -> str:
    if re.fullmatch(r"[A-Za-z0-9-]{1,100}", text(spot)) is None:
        raise Wrong("the name of a header")
    return spot.raw.lower()


def _word(name: str) -> Callable[[Spot], str]:
    return choice(get_args(get_type_hints(Signature)[name]))


_READERS: dict[str, Callable[[Spot], Any]] = {
    "header": _header,
    "field": text,
    "find": _pattern,
    "prefix": text,
    "algorithm": _word("algorithm"),
    "encoding": _word("encoding"),
    "signed": _template,
    "key": _template,
    "key_encoding": _word("key_encoding"),
    "key_prefix": text,
    "timestamp_header": _header,
    "timestamp_find": _pattern,
    "timestamp_unit": _word("timestamp_unit"),
    "id_header": _header,
    "tolerance": whole(1),
}
