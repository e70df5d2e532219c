"""CloudEvents' binary mode: attributes in headers, data in the body. Put together, it is a structured event."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

import msgspec

from shared.events.refusal import Problem, Refused

PREFIX = b"ce-"
_NAME = re.compile(r"[a-z0-9]{1,64}")
_NOT_A_HEADER = ("data", "database64", "datacontenttype")  # what the body and Content-Type say
_ESCAPED = re.compile(r"\\(.)")
MOST_KEPT = 16_000  # bytes of headers: beside the longest body and its reasons they fit into a message of Kafka
_any_json = msgspec.json.Decoder(msgspec.Raw)


def is_binary(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request carries attributes in headers."""
    return any(name.startswith(PREFIX) for name, _ in headers)


def structured(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> bytes:
    """The structured event of a request in binary mode. `headers` have lower-case names.

    Raises Refused, as malformed, for headers that cannot be read and a body that is not JSON.
    """
    event: dict[str, object] = {}
    problems: list[Problem] = []
    for header, value in headers:
        if header == b"content-type":
            event["datacontenttype"] = value.decode("latin-1")
        elif header.startswith(PREFIX):
            _attribute(event, header[len(PREFIX) :].decode("latin-1"), value, problems)
    if body:
        try:
            event["data"] = _any_json.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            problems.append(Problem("data", f"expected JSON in the body: {error}"))
    if problems:
        raise Refused(problems, malformed=True)
    return msgspec.json.encode(event)


def attributes(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, bytes]:
    """The headers that carry attributes, as they came; the first of each name, and no more than fit."""
    found: dict[str, bytes] = {}
    room = MOST_KEPT
    for name, value in headers:
        if name.startswith(PREFIX) and (text := name.decode("latin-1")) not in found:
            room -= len(name) + len(value)
            if room < 0:
                break
            found[text] = value
    return found


def _attribute(event: dict[str, object], name: str, value: bytes, problems: list[Problem]) -> None:
    if not _NAME.fullmatch(name) or name in _NOT_A_HEADER:
        problems.append(Problem(f"ce-{name}", "expected the name of an attribute: a-z and 0-9"))
    elif name in event:
        problems.append(Problem(f"ce-{name}", "expected this header once"))
    else:
        try:
            event[name] = decoded(value)
        except UnicodeDecodeError:
            problems.append(Problem(f"ce-{name}", "expected UTF-8, percent-encoded"))


def decoded(value: bytes) -> str:
    """A header's value as CloudEvents reads it: quotes taken off, then one round of percent-decoding, then UTF-8."""
    text = value.decode("utf-8")
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = _ESCAPED.sub(r"\1", text[1:-1])
    return unquote_to_bytes(text).decode("utf-8") if "%" in text else text
