"""Survey responses that come in parts: field by field the later (time, source, id) stands (design §2.2)."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from services.scoring.domain.state import Field, Response
from shared.events.event import Event, Stamp
from shared.events.model import Answer, Feedback
from shared.programme.match import field

Asked = tuple[tuple[str, tuple[str, ...]], ...]
"""Names of fields as programmes write them, each with its path into data."""

FIELDS = (
    "touchpoint",
    "journey",
    "instance",
    "channel",
    "survey",
    "experienced_at",
    "perspective",
    "language",
    "comment",
)


_NOTHING_UNKNOWN = b'{"data":{}}'


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


def further(names: Iterable[str]) -> Asked:
    """What a programme asks for that is not kept of every response anyhow."""
    paths = [(name, tuple(name.split("."))) for name in sorted(names)]
    return tuple((name, path) for name, path in paths if path[0] not in FIELDS and path[0] != "answers")


def merge(response: Response, event: Event, stamp: Stamp, asked: Asked) -> None:
    """Take over each field that this part gives and no later part has given; `asked` by the programme of its time."""
    data = event.data
    assert type(data) is Feedback
    if response.first is None or stamp < response.first:
        response.first = stamp
    for name in FIELDS:
        value = getattr(data, name)
        if value is not None:
            _take(response.fields, name, value.isoformat() if isinstance(value, datetime) else value, stamp)
    for name, path in asked:
        if field(data, path[:1], event.raw) is not None:
            _take(response.more, name, _kept(field(data, path, event.raw)), stamp)
    for key, answer in keyed(data.answers):
        _take(response.answers, key, [answer.metric, answer.score, answer.scale], stamp)


def whole(response: Response, part: Event) -> tuple[Event, list[Standing]]:
    """The response as it stands now: an event like `part`, but with its fields, and its answers by their names."""
    fields = {name: given.value for name, given in response.fields.items()}
    if "experienced_at" in fields:
        fields["experienced_at"] = datetime.fromisoformat(fields["experienced_at"])
    unknown: dict[str, Any] = {}
    for name, given in response.more.items():
        if name in Feedback.__struct_fields__:
            fields[name] = given.value
        elif given.value is not None:
            *above, last = name.split(".")
            reduce(lambda inner, outer: inner.setdefault(outer, {}), above, unknown)[last] = given.value
    answers = [
        Standing(key, Answer(given.value[0], given.value[1], _scale(given.value[2])), given.stamp)
        for key, given in sorted(response.answers.items())
    ]
    raw = msgspec.json.encode({"data": unknown}) if unknown else _NOTHING_UNKNOWN
    return msgspec.structs.replace(part, data=Feedback(**fields), raw=raw), answers


def keyed(answers: tuple[Answer, ...]) -> list[tuple[str, Answer]]:
    """Answers with a name each: the metric, and a number from the second one to the same metric on."""
    seen: dict[str, int] = {}
    named = []
    for answer in answers:
        times = seen[answer.metric] = seen.get(answer.metric, 0) + 1
        named.append((answer.metric if times == 1 else f"{answer.metric}#{times}", answer))
    return named


def _kept(value: Any) -> Any:
    """What may stand in a rule or name an instance; None for all else."""
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else None
    return value if isinstance(value, str | float) else None


def _take(into: dict[str, Field], name: str, value: Any, stamp: Stamp) -> None:
    known = into.get(name)
    if known is None or stamp > known.stamp:
        into[name] = Field(value, stamp)


def _scale(value: Any) -> tuple[float, float] | None:
    return None if value is None else (value[0], value[1])
