"""The four event types and their envelope, as typed structs. Unknown fields are kept in the bytes, not here.

Each field says what it means: docs/events.md and docs/asyncapi.yaml are made from these.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

# A name ends up in index keys of PostgreSQL, which end at 2,704 bytes: two names of 255 characters always fit.
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Identity = Annotated[str, Meta(min_length=1, max_length=1024)]
Instant = Annotated[datetime, Meta(tz=True)]
Seconds = Annotated[float, Meta(ge=0, le=3_155_760_000)]  # a century: beyond it a unit was mistaken
# Sums are kept in ten-thousandths; beyond this no double has cents.
Money = Annotated[int, Meta(ge=-(10**15), le=10**15)] | Annotated[float, Meta(ge=-1e15, le=1e15)]
Steps = Annotated[int, Meta(ge=0, le=1_000_000)] | Annotated[float, Meta(ge=0, le=1e6)]
Perspective = Literal["customer", "employee", "partner"]
Scale = tuple[int | float, int | float]

# Fields that several types have, with the same meaning in each.
Touchpoint = Annotated[Name | None, Meta(description="step on the map; without it the map's match rules find it")]
JourneyName = Annotated[Name | None, Meta(description="journey on the map; given, only that journey is looked at")]
Instance = Annotated[Name | None, Meta(description="which run through the journey: an order, a claim, a stay")]
Channel = Annotated[Name | None, Meta(description="where it happened: web, app, store, phone, courier …")]
Side = Annotated[Perspective | None, Meta(description="who lived through it; without it, a customer")]
Attributes = Annotated[dict[str, Any] | None, Meta(description="any facts by name; of each the latest stands")]

INTERACTION = "voc.interaction"
FEEDBACK = "voc.feedback"
OUTCOME = "voc.outcome"
PROFILE = "voc.profile"


class Envelope(msgspec.Struct, gc=False):
    """CloudEvents 1.0 attributes that we read; `data` stays raw until the type says how to read it.

    `id` and `source` together are the event for ever.
    """

    id: Annotated[Identity, Meta(description="with `source` the event for ever: a repeat counts once")]
    source: Annotated[Identity, Meta(description="who says so, such as `urn:shop:orders`")]
    type: Annotated[str, Meta(description="one of the four types")]
    specversion: Annotated[Literal["1.0"], Meta(description="the version of CloudEvents")]
    subject: Annotated[
        Name | None,
        Meta(description="the customer, `namespace:value`; a bare value is in the namespace `customer`"),
    ] = None
    time: Annotated[
        Instant | None,
        Meta(description="when it happened, with an offset; without it, when it was received, marked `timesource`"),
    ] = None
    data: msgspec.Raw = msgspec.Raw(b"")
    datacontenttype: Annotated[str | None, Meta(description="`application/json`, which is what is assumed")] = None
    data_base64: str | None = None
    traceparent: Annotated[str | None, Meta(description="W3C trace context, CloudEvents' extension of that name")] = (
        None
    )


class Answer(msgspec.Struct, frozen=True, gc=False):
    """One answered question; docs/metrics.md says what is counted of the score."""

    metric: Annotated[Name, Meta(description="a metric of docs/metrics.md, or a name of your own")]
    score: Annotated[int | float, Meta(description="the answer, within its scale")]
    scale: Annotated[Scale | None, Meta(description="[min, max]; without it, the metric's usual one")] = None
    question: Annotated[str | None, Meta(description="as it was asked")] = None


class Interaction(msgspec.Struct, frozen=True):
    """What a customer, an employee or a partner did or lived through at a step."""

    touchpoint: Touchpoint = None
    journey: JourneyName = None
    instance: Instance = None
    channel: Channel = None
    action: Annotated[
        Name | None,
        Meta(
            description="what was done: placed, delivered, called …; "
            "`survey-invited`, `survey-reminded` and `survey-declined` are reserved for survey governance"
        ),
    ] = None
    result: Annotated[
        Literal["succeeded", "failed", "abandoned"] | None, Meta(description="whether the goal was reached")
    ] = None
    effort: Annotated[Steps | None, Meta(description="steps or contacts that it took")] = None
    response_seconds: Annotated[Seconds | None, Meta(description="until somebody or something answered")] = None
    wait_seconds: Annotated[Seconds | None, Meta(description="spent waiting, in a queue or for a page")] = None
    duration_seconds: Annotated[Seconds | None, Meta(description="the step took, from its beginning to its end")] = None
    promised_at: Annotated[
        str | None,
        Meta(
            description="when we said it would be done: an instant with an offset, "
            "or a bare date (the end of that day in the programme's time zone)"
        ),
    ] = None
    fulfilled_at: Annotated[
        str | None, Meta(description="when it was done, for the record: promises are settled by the event's `time`")
    ] = None
    actor: Annotated[Name | None, Meta(description="who acted: a role, a team, a system")] = None
    perspective: Side = None
    attributes: Attributes = None


class Feedback(msgspec.Struct, frozen=True):
    """A survey answer, whole or in parts: parts share `response`, and field by field the later one stands."""

    touchpoint: Touchpoint = None
    journey: JourneyName = None
    instance: Instance = None
    channel: Channel = None
    survey: Annotated[Name | None, Meta(description="which questionnaire")] = None
    response: Annotated[Name | None, Meta(description="which filled-in one; parts of it share this")] = None
    experienced_at: Annotated[
        Instant | None,
        Meta(description="when it was lived through, with an offset; answers count then, without it at `time`"),
    ] = None
    perspective: Side = None
    answers: Annotated[tuple[Answer, ...], Meta(description="the answered questions; none is fine")] = ()
    comment: Annotated[str | None, Meta(description="in the customer's words")] = None
    language: Annotated[Name | None, Meta(description="of the comment, as `de` or `pt-BR`")] = None
    complete: Annotated[bool | None, Meta(description="whether the questionnaire was finished")] = None


class Outcome(msgspec.Struct, frozen=True):
    """What became of the relation: a purchase, a renewal, a loss, or a kind of the company's own."""

    kind: Annotated[
        Name,
        Meta(description="purchased, renewed, churned, refunded, returned, referred, complained, or one of your own"),
    ]
    amount: Annotated[Money | None, Meta(description="in units of `currency`, not in cents")] = None
    currency: Annotated[Name | None, Meta(description="ISO 4217, as `EUR`")] = None
    reason: Annotated[str | None, Meta(description="why, as the customer or the system said")] = None
    journey: JourneyName = None
    instance: Instance = None


class Profile(msgspec.Struct, frozen=True):
    """Who a customer is: other names of theirs, attributes, consent. `deleted` is noted; nothing is erased yet."""

    identifiers: Annotated[
        tuple[Name, ...], Meta(description="other names of the same person, each `namespace:value`")
    ] = ()
    attributes: Attributes = None
    consent: Annotated[dict[str, Any] | None, Meta(description="what the customer agreed to, by purpose")] = None
    deleted: Annotated[
        bool | None, Meta(description="true asks for erasure: it is noted, and nothing is erased yet")
    ] = None


Data = Interaction | Feedback | Outcome | Profile

DATA_OF: dict[str, type[Data]] = {
    INTERACTION: Interaction,
    FEEDBACK: Feedback,
    OUTCOME: Outcome,
    PROFILE: Profile,
}
