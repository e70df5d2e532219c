"""Survey responses that come in parts: field by field the later (time, source, id) stands (design §2.2)."""

from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from services.scoring.domain.state import Field, Response
from shared.events.event import Event, Stamp
from shared.events.model import Answer, Feedback

FIELDS = ("touchpoint", "journey", "instance", "channel", "survey", "experienced_at", "perspective", "language")


class Standing(NamedTuple):
    """One answer that stands, with the stamp of the part that gave it."""

    key: str
    answer: Answer
    stamp: Stamp


def response_key(event: Event) -> bytes | None:
    """16 bytes for the response an event is part of; None for feedback that comes whole.

    A customer's response is one whichever tool reports it; nobody's response is told apart by its source.
    """
    data = event.data
    if data.__class__ is not Feedback or data.response is None:
        return None
    owner = event.customer or f"\0{event.source}"
    return blake2b(f"{owner}\0{data.response}".encode(), digest_size=16).digest()


def merge(response: Response, data: Feedback, stamp: Stamp) -> None:
    """Take over each field that this part gives and no later part has given."""
    for name in FIELDS:
        value = getattr(data, name)
        if value is not None:
            _take(response.fields, name, value.isoformat() if isinstance(value, datetime) else value, stamp)
    for key, answer in keyed(data.answers):
        _take(response.answers, key, [answer.metric, answer.score, answer.scale], stamp)


def whole(response: Response) -> tuple[Feedback, list[Standing]]:
    """The response as it stands now: its fields, and its answers in the order of their names."""
    fields = {name: field.value for name, field in response.fields.items()}
    if "experienced_at" in fields:
        fields["experienced_at"] = datetime.fromisoformat(fields["experienced_at"])
    answers = [
        Standing(key, Answer(field.value[0], field.value[1], _scale(field.value[2])), field.stamp)
        for key, field in sorted(response.answers.items())
    ]
    return Feedback(**fields), answers


def keyed(answers: tuple[Answer, ...]) -> list[tuple[str, Answer]]:
    """Answers with a name each: the metric, and a number from the second one to the same metric on."""
    seen: dict[str, int] = {}
    named = []
    for answer in answers:
        times = seen[answer.metric] = seen.get(answer.metric, 0) + 1
        named.append((answer.metric if times == 1 else f"{answer.metric}#{times}", answer))
    return named


def _take(into: dict[str, Field], name: str, value: Any, stamp: Stamp) -> None:
    known = into.get(name)
    if known is None or stamp > known.stamp:
        into[name] = Field(value, stamp)


def _scale(value: Any) -> tuple[float, float] | None:
    return None if value is None else (value[0], value[1])
