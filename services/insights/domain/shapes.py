"""What goes over the wire, field by field (design §2.4). Values are never rounded; instants are UTC."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Status = Literal["green", "yellow", "red", "unknown"]
RunStatus = Literal["open", "completed", "abandoned", "expired"]
PromiseState = Literal["open", "kept", "missed"]


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure over a window that ends now. Percent, points or seconds; `low` and `high` are its 95 % interval."""

    metric: str
    stat: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int
    window: str
    status: Status = "unknown"
    red_below: float | None = None
    yellow_below: float | None = None
    red_above: float | None = None
    yellow_above: float | None = None
    initial: bool = False
    incomplete: bool = False
    held_since: datetime | None = None
    stale: bool = False


class Point(msgspec.Struct, frozen=True, kw_only=True, rename={"from_at": "from", "to_at": "to"}):
    """One step of a series: what was counted in `[from, to)`."""

    from_at: datetime
    to_at: datetime
    value: float
    low: float | None
    high: float | None
    n: int


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A figure through time; steps without an answer are left out."""

    points: list[Point]


class JourneyItem(msgspec.Struct, frozen=True, kw_only=True):
    """A journey in the list."""

    journey: str
    name: str
    status: Status = "unknown"


class Journeys(msgspec.Struct, frozen=True, kw_only=True):
    """All journeys of the programme in force, in its order."""

    items: list[JourneyItem]
    next: str | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes a step happen, and on which side of the line of visibility."""

    role: str
    visible: bool


class PromiseMade(msgspec.Struct, frozen=True, kw_only=True):
    """What the brand lets the customer expect at a step, and the actions that open and keep it."""

    says: str
    opened_by: str
    due: str
    kept_by: str


class Touchpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the map with what is measured at it."""

    touchpoint: str
    name: str
    people: list[Person]
    channels: list[str]
    promise: PromiseMade | None
    status: Status = "unknown"
    decided_at: datetime | None = None
    measures: list[Measure]


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A phase of the map."""

    stage: str
    touchpoints: list[Touchpoint]


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """A map with its figures."""

    journey: str
    name: str
    status: Status = "unknown"
    stages: list[Stage]


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """How customers of this persona are to be handled."""

    strategy: str
    do: list[str]
    avoid: list[str]


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """A run through a journey. An open one that was idle for too long is `expired`, from that moment on."""

    journey: str
    instance: str
    status: RunStatus
    first_at: datetime
    last_at: datetime
    ended_at: datetime | None
    steps: int


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A promise to this customer. `instance` is null where the event named none, `says` where the map lacks it."""

    journey: str
    instance: str | None
    touchpoint: str
    says: str | None
    due_at: datetime
    state: PromiseState
    decided_at: datetime | None


class TimelineItem(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a customer."""

    id: str
    source: str
    type: str
    time: datetime
    touchpoint: str | None
    summary: str


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first; `next` is the cursor of what is older, null at the end."""

    items: list[TimelineItem]
    next: str | None


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence for the persona."""

    feature: str
    value: Any
    weight: float
    contribution: float


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """One customer, as events tell."""

    subject: str
    identifiers: list[str]
    persona: str
    since: datetime
    confidence: float
    reasons: list[Reason]
    treatment: Treatment | None
    instances: list[Instance]
    promises: list[Promise]
    timeline: Timeline
