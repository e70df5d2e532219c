"""The CloudEvent around what scoring tells, and ingest of its sources: read by whoever reads these topics."""

from datetime import datetime
from typing import Any

import msgspec

from shared.events.told.case import CaseOpened
from shared.events.told.moment import MomentDecided
from shared.events.told.persona import PersonaChanged
from shared.events.told.trouble import TroubleTold

SOURCE, INGEST = "voc:scoring", "voc:ingest"
PERSONA, MOMENT, CASE, TROUBLE = "voc.persona", "voc.moment", "voc.case", "voc.trouble"
Told = PersonaChanged | MomentDecided | CaseOpened | TroubleTold
TYPES: dict[str, type[Told]] = {
    PERSONA: PersonaChanged,
    MOMENT: MomentDecided,
    CASE: CaseOpened,
    TROUBLE: TroubleTold,
}
_TYPE_OF = {data: name for name, data in TYPES.items()}
_DIGITS = 20


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A CloudEvent of ours. `sequence` rises with each change of the same subject; readers keep the highest."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: str | None = None
    data: msgspec.Raw


class Received(msgspec.Struct, frozen=True):
    """What was read: the envelope's id, subject, instant, sequence (None where it has none), source and data."""

    id: str
    subject: str
    time: datetime
    sequence: int | None
    data: Told
    source: str = SOURCE


def write(
    data: Told, *, id: str, subject: str, time: datetime, sequence: int | None = None, source: str = SOURCE
) -> bytes:
    """The structured JSON of a CloudEvent. `sequence` is written so that it sorts as text, as CloudEvents asks."""
    raw: Any = msgspec.Raw(msgspec.json.encode(data))
    return msgspec.json.encode(
        Envelope(
            specversion="1.0",
            id=id,
            source=source,
            type=_TYPE_OF[type(data)],
            subject=subject,
            time=time,
            sequence=None if sequence is None else str(sequence).zfill(_DIGITS),
            data=raw,
        )
    )


def read(value: bytes) -> Received:
    """Raises msgspec.ValidationError or DecodeError for what is none of ours."""
    envelope = msgspec.json.decode(value, type=Envelope)
    kind = TYPES.get(envelope.type)
    if kind is None:
        raise msgspec.ValidationError(f"expected one of {', '.join(TYPES)}, found the type {envelope.type!r:.100}")
    sequence = None if envelope.sequence is None else int(envelope.sequence)
    data = msgspec.json.decode(envelope.data, type=kind)
    return Received(envelope.id, envelope.subject, envelope.time, sequence, data, envelope.source)
