"""One sentence for an event in a customer's timeline, from what the event itself says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from shared.events.model import DATA_OF, Answer, Feedback, Interaction, Outcome, Profile
from shared.metrics.scales import CUSTOM, ScaleError, scale_of

LONGEST = 280
LONGEST_COMMENT = 160


class _Missed(msgspec.Struct, frozen=True):
    """Data of the row that scoring writes when a promise's time has passed."""

    due_at: datetime


class _Reviewed(msgspec.Struct, frozen=True):
    """Data of the row that scoring writes when it has asked a new version of the programme about a customer."""

    programme: int
    persona: str
    previous: str


class _Envelope(msgspec.Struct, frozen=True):
    data: msgspec.Raw


_TYPES: dict[str, type] = {**DATA_OF, "voc.promise-missed": _Missed, "voc.persona-reviewed": _Reviewed}
_decoders: dict[str, msgspec.json.Decoder[Any]] = {kind: msgspec.json.Decoder(shape) for kind, shape in _TYPES.items()}
_envelope = msgspec.json.Decoder(_Envelope)


def summary(kind: str, event: bytes) -> str:
    """What happened, in one line of at most `LONGEST` characters. `event` is its JSON, `kind` its type."""
    try:
        data = _decoders[kind].decode(_envelope.decode(event).data)
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError):  # a type of later, a row of long ago
        data = None
    said = " ".join("".join(_words(kind, data)).split())
    return _cut(f"{said[:1].upper()}{said[1:]}.", LONGEST)


def _words(kind: str, data: object) -> Iterator[str]:
    match data:
        case Interaction():
            yield from _interaction(data)
        case Feedback():
            yield from _feedback(data)
        case Outcome():
            yield from _outcome(data)
        case Profile():
            yield from _profile(data)
        case _Missed():
            yield f"the promise was not kept by {_instant(data.due_at)}"
        case _Reviewed():
            yield f"by version {data.programme} of the programme the persona is {data.persona}"
            yield f", no longer {data.previous}" if data.previous != data.persona else ", as before"
        case _:
            yield f"an event of type {kind}"


def _interaction(data: Interaction) -> Iterator[str]:
    yield from _employee(data.perspective)
    yield data.action or "an interaction"
    yield f" by {data.actor}" if data.actor else ""
    yield f" via {data.channel}" if data.channel else ""
    yield f", {data.result}" if data.result else ""
    for seconds, words in (
        (data.wait_seconds, "after waiting"),
        (data.response_seconds, "answered within"),
        (data.duration_seconds, "took"),
    ):
        yield f", {words} {duration(seconds)}" if seconds is not None else ""
    yield f", effort {data.effort:g}" if data.effort is not None else ""
    yield f", promised for {data.promised_at}" if data.promised_at else ""


def _feedback(data: Feedback) -> Iterator[str]:
    yield from _employee(data.perspective)
    yield f"answered {', '.join(map(_answer, data.answers))}" if data.answers else ""
    if data.comment and data.comment.strip():
        yield f"{': ' if data.answers else 'said '}“{_cut(data.comment.strip(), LONGEST_COMMENT)}”"
    elif not data.answers:
        yield "gave no answer"


def _answer(answer: Answer) -> str:
    try:
        scale = scale_of(answer.metric, answer.scale)
    except ScaleError:
        return f"{answer.metric} {answer.score:g}"
    ends = "" if scale.scale_id == CUSTOM else f" on {_signed(scale.low)}–{_signed(scale.high)}"
    return f"{answer.metric} {_signed(answer.score)}{ends}"


def _outcome(data: Outcome) -> Iterator[str]:
    yield data.kind
    yield f", {data.amount} {data.currency or ''}".rstrip() if data.amount is not None else ""
    yield f", because of {data.reason}" if data.reason and data.reason.strip() else ""


def _profile(data: Profile) -> Iterator[str]:
    if data.deleted:
        yield "asked to be forgotten"
        return
    named = {"identifiers": data.identifiers, "attributes": data.attributes or {}, "consent": data.consent or {}}
    said = [f"{word} {', '.join(names)}" for word, names in named.items() if names]
    yield f"profile with {'; '.join(said)}" if said else "a profile that says nothing"


def _employee(perspective: str | None) -> Iterator[str]:
    if perspective not in (None, "customer"):
        yield f"{perspective}: "


_UNITS = (("d", 86_400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1))


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `4 min`, `2 h 5 min`, `3 d 4 h`: at most two units, rounded down from a minute on."""
    if seconds < 60:
        return f"{seconds:.2g} s" if seconds < 10 else f"{int(seconds)} s"
    unit, length, lesser, part = next(one for one in _UNITS if seconds >= one[1])
    whole, rest = divmod(int(seconds), length)
    return f"{whole} {unit} {rest // part} {lesser}" if rest >= part else f"{whole} {unit}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _signed(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
