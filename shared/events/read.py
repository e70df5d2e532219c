"""Bytes to a valid event. The first lines are the hot path of ingest and scoring; faults are explained elsewhere."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from shared.events.event import Event, customer_of
from shared.events.explain import explain, nul_in
from shared.events.model import DATA_OF, Envelope, Feedback, Interaction, Profile
from shared.events.promised import promised_instant
from shared.events.refusal import Problem, Refused
from shared.metrics.scales import ScaleError, check_score, scale_of

LATEST_AHEAD = timedelta(hours=24)

_envelope = msgspec.json.Decoder(Envelope)
_data: dict[str, msgspec.json.Decoder[Any]] = {name: msgspec.json.Decoder(kind) for name, kind in DATA_OF.items()}


def read(raw: bytes, *, not_after: datetime | None = None) -> Event:
    """Read one structured CloudEvent.

    `not_after`: times later than this are refused (the door passes now + `LATEST_AHEAD`; a topic's reader passes None).
    Raises Refused with every fault found.
    """
    try:
        envelope = _envelope.decode(raw)
        data = _data[envelope.type].decode(envelope.data)
        if not raw.isascii():
            raw.decode()  # what the typed decoder skips, it does not check
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError) as error:
        raise Refused(explain(raw), malformed=not _is_json_object(raw)) from error
    subject = envelope.subject
    problems = _beyond_types(data, subject)
    if b"\\u0000" in raw:
        problems += nul_in(msgspec.json.decode(raw))
    if not_after is not None:
        problems += _ahead(envelope.time, data, not_after)
    if envelope.data_base64 is not None:
        problems.append(Problem("data_base64", "expected `data` as JSON"))
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


def _beyond_types(data: Any, subject: str | None) -> list[Problem]:
    """What types cannot say: scores against their scales, dates that are dates, a subject that names somebody."""
    problems: list[Problem] = []
    if type(data) is Feedback:
        for index, answer in enumerate(data.answers):
            try:
                check_score(scale_of(answer.metric, answer.scale), answer.score)
            except ScaleError as error:
                problems.append(Problem(f"data.answers[{index}].score", str(error)))
    elif subject is None and type(data) is Profile:
        problems.append(Problem("subject", "expected the customer whom this profile describes"))
    if type(data) is Interaction:
        for name in ("promised_at", "fulfilled_at"):
            text = getattr(data, name)
            if text is not None and promised_instant(text) is None:
                problems.append(Problem(f"data.{name}", "expected an instant with an offset, or a date (2026-11-24)"))
    if subject is not None and (subject.startswith(":") or subject.endswith(":")):
        problems.append(Problem("subject", "expected namespace:value, or a bare value"))
    return problems


def _ahead(time: datetime | None, data: Any, not_after: datetime) -> list[Problem]:
    problems = []
    if time is not None and time > not_after:
        problems.append(Problem("time", "expected a time not more than 24 h in the future"))
    experienced_at = data.experienced_at if type(data) is Feedback else None
    if experienced_at is not None and experienced_at > not_after:
        problems.append(Problem("data.experienced_at", "expected a time not more than 24 h in the future"))
    return problems


def _is_json_object(raw: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(raw), dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
