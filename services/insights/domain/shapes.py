"""What goes over the wire, field by field (design §2.4). Values are never rounded; instants are UTC."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Status = Literal["green", "yellow", "red", "unknown"]
RunStatus = Literal["open", "completed", "abandoned", "expired"]
PromiseState = Literal["open", "kept", "missed"]


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure over a window that ends now. Percent, points or seconds; `low` and `high` are its 95 % interval.

    `status` since `since`, by the decision of `decided_at`, is that of a measure which the map declares, unknown for
    all else. `initial`: the first there was. `incomplete`: decided though scoring was behind; `held_since`: waiting for
    it. `stale`: scoring does not decide any more, so the status is unknown, whatever it was.
    """

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
    since: datetime | None = None
    decided_at: datetime | None = None
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
    """A journey in the list, with the worst status of its moments of truth. `perspective` is whose journey it is.

    `decided_by` is the touchpoint that decides, of several the first; `stale` as in a measure, of any of them.
    """

    journey: str
    name: str
    perspective: str = "customer"
    status: Status = "unknown"
    decided_by: str | None = None
    stale: bool = False


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


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its 95 % interval; null, and `n` 0, where nothing was given."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class Index(Figure, frozen=True, kw_only=True):
    """The three E's in one number, 0–100, of those who answered all three. `independent`: nobody did, so it is of their
    three means, and `n` is that of the E that was answered least."""

    independent: bool


class Experience(msgspec.Struct, frozen=True, kw_only=True):
    """The three E's beside one another, over a window that ends now: was the goal achieved, was it easy, did it feel
    good. With it how it was against what was expected, and whether what was promised was kept. None of it decides a
    status: that is for measures."""

    window: str
    effectiveness: Figure
    ease: Figure
    enjoyment: Figure
    three_e: Index
    expectation: Figure
    promise_kept: Figure


class MeasureName(msgspec.Struct, frozen=True, kw_only=True):
    """One of the measures of a moment of truth."""

    metric: str
    stat: str | None
    window: str


class Touchpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the map with what is measured at it. A moment of truth has the worst status of its measures,
    `decided_by` that one; any other step has none. `experience` is null where nothing of it was given."""

    touchpoint: str
    name: str
    people: list[Person]
    channels: list[str]
    promise: PromiseMade | None
    status: Status = "unknown"
    decided_at: datetime | None = None
    decided_by: MeasureName | None = None
    measures: list[Measure]
    experience: Experience | None = None


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A phase of the map, with the worst status of its moments of truth; `decided_by` is that touchpoint."""

    stage: str
    name: str
    status: Status = "unknown"
    decided_by: str | None = None
    touchpoints: list[Touchpoint]
    experience: Experience | None = None


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """A map with its figures, which are of those whose journey it is; the status is that of the list."""

    journey: str
    name: str
    perspective: str = "customer"
    status: Status = "unknown"
    decided_by: str | None = None
    stale: bool = False
    stages: list[Stage]
    experience: Experience | None = None


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """How customers of this persona are to be handled."""

    strategy: str
    do: list[str]
    avoid: list[str]


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A moment with its score on 0–100, by the answer that tells most of how it felt."""

    touchpoint: str
    metric: str
    score: float
    at: datetime


class PeakEnd(msgspec.Struct, frozen=True, kw_only=True):
    """How a run is remembered, on 0–100: by its most extreme moment and its last. Beside `value`, never instead of it,
    the mean and the variants of domain.md §3; `slope` is points a moment.

    `n` moments were scored; `coverage` is the share of the moments of truth that were reached, null where none was.
    `provisional`: the run goes on. `decision_grade`: it has ended, with two moments and half of its moments of truth.
    """

    value: float
    peak: Scored
    end: Scored
    trough_end: float
    positive_peak_end: float
    peak_trough_end: float
    mean: float
    slope: float
    n: int
    coverage: float | None
    provisional: bool
    decision_grade: bool


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """A run through a journey. An open one that was idle for too long is `expired`, from that moment on. `peak_end` is
    null where no moment was scored."""

    journey: str
    instance: str
    status: RunStatus
    first_at: datetime
    last_at: datetime
    ended_at: datetime | None
    steps: int
    peak_end: PeakEnd | None = None


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
    """One customer, as events tell. `persona` is `unassigned` where none fits.

    `confidence` and `reasons` are weighed at the customer's last event, by the rules that the persona was decided by.
    `persona_name`, `treatment` and what promises say are those of the programme in force; null where it lacks them.
    `treatment_skipped`: there is a treatment, but it needs more confidence than there is.
    """

    subject: str
    identifiers: list[str]
    persona: str
    persona_name: str | None
    since: datetime
    confidence: float
    reasons: list[Reason]
    treatment: Treatment | None
    treatment_skipped: bool
    instances: list[Instance]
    promises: list[Promise]
    timeline: Timeline
