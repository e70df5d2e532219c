"""What a foreign record becomes: events of ours, nothing, or a refusal that says why."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from services.ingest.domain.completed import Said, completed
from services.ingest.domain.foreign import Foreign
from services.ingest.domain.kafka_binding import event_in
from services.ingest.domain.received import stamped
from services.ingest.domain.wire_format import unframed
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Problem, Refused
from shared.programme.jmes import NotApplicable, compiled
from shared.programme.source import Source

Dropped = Literal["tombstone", "nothing"]

ABOUT = "_kafka"
"""The member by which a map may ask for the record itself: topic, partition, offset, key, time and headers."""

NO_MAP = (
    "expected a CloudEvent: a content-type header `application/cloudevents+json`, JSON with a specversion, or `ce_`"
    " headers; other JSON needs a `map` in sources.yaml"
)
_decode = msgspec.json.Decoder().decode


class Became(NamedTuple):
    """(key, value) of the events of a record, in order; without any, `dropped` says why."""

    events: list[tuple[str, bytes]]
    dropped: Dropped | None = None


class Reading:
    """How a source's records are read: its expressions, compiled once for a version of the programme.

    Raises VocError for an expression that this release cannot compile.
    """

    def __init__(self, source: Source, most_bytes: int) -> None:
        self.source = source
        self.most_bytes = most_bytes
        self.map = None if source.mapping is None else compiled(source.mapping)
        self.subject = None if source.subject is None else compiled(source.subject)
        self.instance = None if source.instance is None else compiled(source.instance)
        self.asks = any(ABOUT in text for text in (source.mapping, source.subject, source.instance) if text is not None)


def become(record: Foreign, reading: Reading, *, generation: int, now: datetime) -> Became:
    """The events of a record, the same however often it is read. Raises Refused with every fault: a record is taken
    whole or not at all.

    Without a time of its own an event gets the record's, marked as ingest marks it. Without an id of its own or of the
    map it gets the record's place, which no other record ever has: topic, generation of the topic, partition, offset.
    """
    raw = event_in(record)
    if raw is None and record.value is None:
        return Became([], "tombstone")
    if reading.map is None:
        if raw is None:
            unframed(record.value or b"")
            raise Refused([Problem("", NO_MAP)])
        events = [raw]
    else:
        place = f"{record.topic}/{generation}/{record.partition}/{record.offset}"
        events = _mapped(record, raw, reading, place, now)
    return Became([_read(event, record, reading, now) for event in events], None if events else "nothing")


def _mapped(record: Foreign, raw: bytes | None, reading: Reading, place: str, now: datetime) -> list[bytes]:
    assert reading.map is not None
    value = _json(raw if raw is not None else unframed(record.value or b""))
    own = value if raw is not None and isinstance(value, dict) else {}
    if reading.asks and isinstance(value, dict):
        value = {**value, ABOUT: _about(record, now)}
    try:
        found = reading.map(value)
        said = Said(
            id=str(own.get("id") or place),
            source=str(own.get("source") or reading.source.source),
            subject=None if reading.subject is None else reading.subject(value),
            instance=None if reading.instance is None else reading.instance(value),
        )
    except NotApplicable as error:
        raise Refused([Problem("", f"the map does not fit this record: {error}")]) from error
    if not isinstance(found, list):
        return [] if found is None else [_event(found, reading.source, said, "")]
    return [_event(one, reading.source, said, f"/{index}") for index, one in enumerate(found) if one is not None]


def _event(found: Any, source: Source, said: Said, suffix: str) -> bytes:
    if not isinstance(found, dict):
        raise Refused([Problem("", "expected the map to make an object, a list of objects, or null")])
    return msgspec.json.encode(completed(found, source, said._replace(id=f"{said.id}{suffix}")))


def _json(value: bytes) -> Any:
    try:
        return _decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused([Problem("", f"expected JSON in UTF-8: {error}")], malformed=True) from error


def _about(record: Foreign, now: datetime) -> dict[str, Any]:
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": _text(record.key),
        "time": record.written_at(now).isoformat(),
        "headers": {name: _text(value) for name, value in record.headers},
    }


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def _read(raw: bytes, record: Foreign, reading: Reading, now: datetime) -> tuple[str, bytes]:
    if len(raw) > reading.most_bytes:
        raise Refused([Problem("", f"an event may have {reading.most_bytes:,} bytes; this one has {len(raw):,}")])
    event = read(raw, not_after=now + LATEST_AHEAD)
    return event.key, raw if event.time is not None else stamped(raw, record.written_at(now))
