"""The four event types and their envelope, as typed structs. Unknown fields are kept in the bytes, not here."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

# A name ends up in index keys of PostgreSQL, which end at 2,704 bytes: two names of 255 characters always fit.
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Identity = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3_155_760_000)]  # a century: beyond it a unit was mistaken
Perspective = Literal["customer", "employee", "partner"]
Scale = tuple[int | float, int | float]

INTERACTION = "voc.interaction"
FEEDBACK = "voc.feedback"
OUTCOME = "voc.outcome"
PROFILE = "voc.profile"


class Envelope(msgspec.Struct, gc=False):
    """CloudEvents 1.0 attributes that we read; `data` stays raw until the type says how to read it.

    `id` and `source` together are the event for ever.
    """

    id: Identity
    source: Identity
    type: str
    specversion: Literal["1.0"]
    subject: Name | None = None
    time: Instant | None = None
    data: msgspec.Raw = msgspec.Raw(b"")
    datacontenttype: str | None = None
    data_base64: str | None = None
    traceparent: str | None = None


class Answer(msgspec.Struct, frozen=True, gc=False):
    """One answered question; `shared.metrics.scales` says what is counted of the score."""

    metric: Name
    score: int | float
    scale: Scale | None = None
    question: str | None = None


class Interaction(msgspec.Struct, frozen=True):
    """What a customer, an employee or a partner did or lived through at a step. Durations in seconds."""

    touchpoint: Name | None = None
    journey: Name | None = None
    instance: Name | None = None
    channel: Name | None = None
    action: Name | None = None
    result: Literal["succeeded", "failed", "abandoned"] | None = None
    effort: int | float | None = None
    response_seconds: Seconds | None = None
    wait_seconds: Seconds | None = None
    duration_seconds: Seconds | None = None
    promised_at: str | None = None
    fulfilled_at: str | None = None
    actor: Name | None = None
    perspective: Perspective | None = None
    attributes: dict[str, Any] | None = None


class Feedback(msgspec.Struct, frozen=True):
    """A survey answer, whole or in parts: parts share `response`, and field by field the later one stands."""

    touchpoint: Name | None = None
    journey: Name | None = None
    instance: Name | None = None
    channel: Name | None = None
    survey: Name | None = None
    response: Name | None = None
    experienced_at: Instant | None = None
    perspective: Perspective | None = None
    answers: tuple[Answer, ...] = ()
    comment: str | None = None
    language: Name | None = None
    complete: bool | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What became of the relation: a purchase, a renewal, a loss, or a kind of the company's own."""

    kind: Name
    amount: int | float | None = None
    currency: Name | None = None
    reason: str | None = None
    journey: Name | None = None
    instance: Name | None = None


class Profile(msgspec.Struct, frozen=True):
    """Who a customer is: other names for the same person, attributes, consent. `deleted` asks for erasure."""

    identifiers: tuple[Name, ...] = ()
    attributes: dict[str, Any] | None = None
    consent: dict[str, Any] | None = None
    deleted: bool | None = None


Data = Interaction | Feedback | Outcome | Profile

DATA_OF: dict[str, type[Data]] = {
    INTERACTION: Interaction,
    FEEDBACK: Feedback,
    OUTCOME: Outcome,
    PROFILE: Profile,
}
