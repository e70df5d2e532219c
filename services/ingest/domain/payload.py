"""A delivery's body as a value that expressions can look into, whatever it is written in."""

from typing import Any, Literal
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from services.ingest.domain.delivery import FORM_TYPE, MULTIPART_TYPE, Delivery
from shared.events.explain import TOO_DEEP
from shared.events.refusal import Problem, Refused
from shared.events.text import MOST_NESTED, nested_too_deep

Body = Literal["json", "form", "xml", "cloudevents"]

MOST_PARTS = 1000
_json = msgspec.json.Decoder()


def payload(delivery: Delivery, body: Body) -> Any:
    """The value. A form's fields are an object of texts, XML's elements are objects by their local names.

    Raises Refused, as malformed.
    """
    if body == "form" and delivery.media_type == MULTIPART_TYPE:
        return _multipart(delivery)
    if body == "form" and delivery.media_type == FORM_TYPE:
        return delivery.form()
    return _xml(delivery.body) if body == "xml" else _decoded(delivery.body)


def _decoded(raw: bytes) -> Any:
    try:
        value = _json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused([Problem("", f"expected JSON: {error}")], malformed=True) from error
    if nested_too_deep(raw):
        raise Refused([TOO_DEEP], malformed=True)
    return value


def _multipart(delivery: Delivery) -> dict[str, str]:
    """The text parts of `multipart/form-data` by their names; files are left out."""
    _, options = parse_options_header(delivery.headers.get("content-type", ""))
    parts = _Parts()
    try:
        parser = MultipartParser(options.get(b"boundary", b""), parts.callbacks())
        parser.write(delivery.body)
        parser.finalize()
    except (FormParserError, ValueError) as error:
        raise Refused([Problem("", f"expected multipart/form-data: {error}")], malformed=True) from error
    return parts.texts


class _Parts:
    """What the parser calls, piece by piece."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._field = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._data: list[bytes] = []

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_part_data": lambda data, start, end: self._data.append(data[start:end]),
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._headers, self._data = {}, []

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def _end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"filename" not in options and b"name" in options and len(self.texts) < MOST_PARTS:
            self.texts[options[b"name"].decode("utf-8", "replace")] = b"".join(self._data).decode("utf-8", "replace")


def _xml(raw: bytes) -> Any:
    try:
        return {_local(root.tag): _element(root)} if (root := fromstring(raw, forbid_dtd=True)) is not None else None
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise Refused([Problem("", f"expected XML without a document type: {error}")], malformed=True) from error


def _element(element: Element, depth: int = 1) -> Any:
    """A text, or an object whose members are lists where a name stands several times; nil is null. Raises Refused."""
    if depth > MOST_NESTED:
        raise Refused([TOO_DEEP], malformed=True)
    if any(_local(name) == "nil" and value == "true" for name, value in element.attrib.items()):
        return None
    if len(element) == 0:
        return element.text or ""
    members: dict[str, list[Any]] = {}
    for child in element:
        members.setdefault(_local(child.tag), []).append(_element(child, depth + 1))
    return {name: values if len(values) > 1 else values[0] for name, values in members.items()}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
