"""Bytes to a valid event. The first lines are the hot path of ingest and scoring; faults are explained elsewhere."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from shared.events.event import Event, customer_of
from shared.events.explain import BASE64, NUL, TOO_DEEP, explain, is_json, nul_in
from shared.events.limits import SHORT, too_much
from shared.events.model import DATA_OF, Envelope
from shared.events.refusal import Refused
from shared.events.rules import broken_rules
from shared.events.text import holds_nul, nested_too_deep

LATEST_AHEAD = timedelta(hours=24)

_envelope = msgspec.json.Decoder(Envelope)
_data: dict[str, msgspec.json.Decoder[Any]] = {name: msgspec.json.Decoder(kind) for name, kind in DATA_OF.items()}


def read(raw: bytes, *, not_after: datetime | None = None) -> Event:
    """Read one structured CloudEvent.

    `not_after`: times later than this are refused, and what is beyond the limits (the door passes now + `LATEST_AHEAD`;
    a topic's reader passes None: what is there was taken).
    Of a name that stands twice in an object the last one is read, as most readers of JSON do.
    Raises Refused with every fault found, and nothing else.
    """
    try:
        envelope = _envelope.decode(raw)
        data = _data[envelope.type].decode(envelope.data)
        if not raw.isascii():
            raw.decode()  # what the typed decoder skips, it does not check
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(explain(raw, not_after=not_after), malformed=not is_json(raw)) from error
    subject = envelope.subject
    problems = broken_rules(data, subject, envelope.time, not_after=not_after)
    if not_after is not None and len(raw) > SHORT:
        problems += too_much(data)
    if nested_too_deep(raw):
        problems.append(TOO_DEEP)
    elif holds_nul(raw):
        problems += nul_in(raw) or [NUL]
    if envelope.data_base64 is not None:
        problems.append(BASE64)
    if problems:
        raise Refused(problems)
    return Event(
        envelope.id,
        envelope.source,
        envelope.type,
        None if subject is None else customer_of(subject),
        subject or envelope.id,
        envelope.time,
        data,
        raw,
        envelope.traceparent,
    )
