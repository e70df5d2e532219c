"""CloudEvents over Kafka, after its protocol binding 1.0: what a record's headers and value are together."""

import msgspec

from services.ingest.domain.foreign import Foreign
from services.ingest.domain.mode import STRUCTURED_TYPE
from shared.events.refusal import Problem, Refused

PREFIX = "ce_"
CONTENT_TYPE = "content-type"
_NOT_A_HEADER = ("data", "data_base64", "datacontenttype")  # what the value and content-type say
_NAMES_IT = tuple(f"{PREFIX}{name}" for name in ("specversion", "id", "source", "type"))
_JSON = ("application/json", "text/json")
_MARK = b'"specversion"'
_any_json = msgspec.json.Decoder(msgspec.Raw)


class _Marked(msgspec.Struct):
    specversion: str | None = None


_marked = msgspec.json.Decoder(_Marked)


def event_in(record: Foreign) -> bytes | None:
    """The structured event that the record carries; None where it is no CloudEvent.

    Structured mode by its content-type, or because its JSON has a `specversion`; binary mode by its `ce_` headers,
    where one of those that every event has is among them: tracing may add others to any record.
    Raises Refused for a CloudEvent that cannot be read: a format other than JSON, a batch, wrong headers.
    """
    media = record.header(CONTENT_TYPE).partition(";")[0].strip().lower()
    value = record.value or b""
    if media == STRUCTURED_TYPE:
        return value
    if media.startswith("application/cloudevents"):
        raise Refused([Problem("content-type", _not_ours(media))], malformed=True)
    if any(name.lower() in _NAMES_IT for name, _ in record.headers):
        return _put_together(record, media, value)
    return value if _MARK in value and _is_marked(value) else None


def _not_ours(media: str) -> str:
    if "batch" in media:
        return f"{media}: CloudEvents over Kafka have no batches; write a record an event"
    return f"{media}: this format of CloudEvents is not read; write {STRUCTURED_TYPE}, or binary mode with JSON"


def _is_marked(value: bytes) -> bool:
    try:
        return _marked.decode(value).specversion is not None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _put_together(record: Foreign, media: str, value: bytes) -> bytes:
    event: dict[str, object] = {}
    problems: list[Problem] = []
    if media:
        event["datacontenttype"] = record.header(CONTENT_TYPE)
    for header, text in record.headers:
        if header.lower().startswith(PREFIX):
            _attribute(event, header.lower()[len(PREFIX) :], text, problems)
    if value:
        _data(event, media, value, problems)
    if problems:
        raise Refused(problems, malformed=True)
    return msgspec.json.encode(event)


def _attribute(event: dict[str, object], name: str, value: bytes | None, problems: list[Problem]) -> None:
    """UTF-8 as it is: unlike over HTTP nothing is escaped."""
    if not name.isascii() or not name.isalnum() or name in _NOT_A_HEADER:
        problems.append(Problem(f"{PREFIX}{name}", "expected the name of an attribute: a-z and 0-9"))
    elif name in event:
        problems.append(Problem(f"{PREFIX}{name}", "expected this header once"))
    elif value is not None:
        try:
            event[name] = value.decode("utf-8")
        except UnicodeDecodeError:
            problems.append(Problem(f"{PREFIX}{name}", "expected UTF-8"))


def _data(event: dict[str, object], media: str, value: bytes, problems: list[Problem]) -> None:
    if media and media not in _JSON and not media.endswith("+json"):
        problems.append(Problem("data", f"expected JSON; its content-type says {media}"))
        return
    try:
        event["data"] = _any_json.decode(value)
    except (msgspec.DecodeError, RecursionError) as error:
        problems.append(Problem("data", f"expected JSON in the value: {error}"))
