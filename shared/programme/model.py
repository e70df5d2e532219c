"""What a company has decided, as frozen values: the programme that `load` reads and `store` keeps.

Durations are whole seconds; where business hours are allowed, a `Delay`. Names that refer to something (owners,
personas, touchpoints) were checked when the programme was read. Every value survives JSON, which is its stored form.
"""

from datetime import date
from typing import Literal

import msgspec

Scalar = bool | int | float | str
Rule = tuple[tuple[str, tuple[Scalar, ...]], ...]
"""(field, allowed values) pairs that must all hold; the field is `type` or one of the event's data."""


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """A time to wait. With `business`, only seconds inside the owner's opening hours count."""

    seconds: int
    business: bool = False


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes a step happen, and on which side of the line of visibility."""

    role: str
    visible: bool = True


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What the brand lets the customer expect. `opened_by` and `kept_by` are actions, `due` the field with the instant.

    `grace` is how long after the due time a miss is held back, for feeds that come late; due itself does not move.
    """

    says: str
    opened_by: str
    due: str = "promised_at"
    kept_by: str
    grace: int = 0


class Dwell(msgspec.Struct, frozen=True, kw_only=True):
    """How many ticks in a row must agree before a status moves."""

    worse: int = 2
    better: int = 3


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A metric over a window with its thresholds: a pair `*_below` where high is good, a pair `*_above` for durations.

    `stat` is p50, p90 … for durations, None otherwise. `scale`, `short`, `margin`, `tick` are None where the rule's
    own default holds. Percentages 0–100, net scores −100…100, durations in seconds.
    """

    metric: str
    stat: str | None = None
    scale: tuple[float, float] | None = None
    window: int
    short: int | None = None
    margin: float | None = None
    tick: int | None = None
    dwell: Dwell = Dwell()
    at_least: int = 30
    red_below: float | None = None
    yellow_below: float | None = None
    red_above: float | None = None
    yellow_above: float | None = None


class MomentOfTruth(msgspec.Struct, frozen=True, kw_only=True):
    """A step at which the customer decides whether to go on. Its status is the worst of its measures."""

    owner: str
    measures: tuple[Measure, ...]


class Touchpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the journey. Without `match`, only events that name it reach it."""

    touchpoint: str
    name: str
    channels: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    match: Rule | None = None
    promise: Promise | None = None
    moment_of_truth: MomentOfTruth | None = None


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A named phase of the map."""

    stage: str
    name: str
    touchpoints: tuple[Touchpoint, ...]


class InstanceRule(msgspec.Struct, frozen=True, kw_only=True):
    """When one run of a customer through the journey begins and ends; the tuples are actions.

    `by` is the field of data that tells runs apart. Without `opened_on` any event of the journey begins one.
    """

    by: str = "instance"
    opened_on: tuple[str, ...] = ()
    closes_on: tuple[str, ...] = ()
    abandons_on: tuple[str, ...] = ()
    idle_after: int | None = None


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """One map. `major` rises when what is counted under a touchpoint's name changed: series do not run across it."""

    journey: str
    name: str
    personas: tuple[str, ...] = ()
    instance: InstanceRule = InstanceRule()
    stages: tuple[Stage, ...]
    major: int = 1

    @property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """All touchpoints in the order of the map."""
        return tuple(touchpoint for stage in self.stages for touchpoint in stage.touchpoints)


_YAML_WORDS = {"one_of": "in", "equals": "is", "start": "from", "end": "to"}  # what Python keeps for itself


class Condition(msgspec.Struct, frozen=True, kw_only=True, rename=_YAML_WORDS):
    """What a feature must be: `at_least`, `at_most` (or both), `in`, `is`, or a ramp.

    A ramp's membership goes from 0 at `start` to 1 at `end`, and falls with the value where `start` is the greater.
    """

    feature: str
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[Scalar, ...] | None = None
    equals: Scalar | None = None
    start: float | None = None
    end: float | None = None


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """Weighted evidence for a persona; the weight is above 0."""

    condition: Condition
    weight: float = 1.0


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """How customers of a persona are to be handled."""

    strategy: str
    do: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """A described archetype. `priority` settles ties, the lower first; its default is the place in the file."""

    persona: str
    name: str
    default: bool = False
    treatment: Treatment | None = None
    signals: tuple[Signal, ...] = ()
    must: tuple[Condition, ...] = ()
    must_not: tuple[Condition, ...] = ()
    priority: int


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Minutes after midnight, owner's local time, of one weekday (0 is Monday); `closes` is at most 1440."""

    weekday: int
    opens: int
    closes: int


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Where an owner is told. `to` is a channel, an address, a URL, or `env:NAME` that holds it."""

    channel: Literal["slack", "email", "teams", "pagerduty", "webhook"]
    to: str


class Escalation(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told when nobody has acknowledged for so long."""

    after: Delay
    to: str


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for moments of truth and cases. `hours` empty: always open."""

    owner: str
    name: str
    timezone: str
    hours: tuple[Opening, ...] = ()
    holidays: tuple[date, ...] = ()
    notify: tuple[Receiver, ...] = ()
    escalate: tuple[Escalation, ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the answer to a question of a survey tool is: a score of `metric`, or the comment."""

    metric: str | None = None
    scale: tuple[float, float] | None = None
    comment: bool = False


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Who may send, and how a payload becomes events: by webhook (`provider`) or from a topic that exists (`topic`).

    `secret` is a reference (`env:NAME`), never the secret. `mapping` is the text of the JMESPath file named by `map`.
    """

    source: str
    provider: str | None = None
    topic: str | None = None
    secret: str | None = None
    map: str | None = None
    mapping: str | None = None
    questions: dict[str, Question] = {}
    subject: str | None = None
    touchpoint: str | None = None
    journey: str | None = None


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be reached: a metric at a touchpoint (in percent or points) and a business outcome beside it."""

    name: str
    owner: str
    metric: str
    journey: str
    touchpoint: str
    outcome: str | None = None
    target: float
    by: date


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """At most `times` in any `seconds`: `1 in 30d`."""

    times: int
    seconds: int


class Surveys(msgspec.Struct, frozen=True, kw_only=True):
    """Whom not to ask. `personas` stands for `per_customer` where it names the customer's persona."""

    per_customer: Allowance | None = None
    per_metric: dict[str, Allowance] = {}
    personas: dict[str, Allowance] = {}
    needs_consent: bool = False


class Governance(msgspec.Struct, frozen=True, kw_only=True):
    """Rules of asking."""

    surveys: Surveys = Surveys()


class ScoreIs(msgspec.Struct, frozen=True, kw_only=True, tag="score"):
    """An answer compares so: `nps <= 3`."""

    metric: str
    comparison: Literal["<", "<=", ">", ">=", "="]
    value: float


class PromiseMissed(msgspec.Struct, frozen=True, kw_only=True, tag="promise missed"):
    """A promise's due time passed unkept."""


class CaseRule(msgspec.Struct, frozen=True, kw_only=True):
    """When one customer needs help now. Older events than `fresh` seconds open none."""

    name: str
    when: ScoreIs | PromiseMissed
    owner: str
    journey: str | None = None
    touchpoint: str | None = None
    reply_within: Delay | None = None
    fresh: int = 172_800


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of it. `settle` is how many seconds a backfill must have been quiet before a first decision."""

    name: str
    timezone: str
    admin: str | None = None
    settle: int = 30
    mission: str | None = None
    success: str | None = None
    goals: tuple[Goal, ...] = ()
    governance: Governance = Governance()
    cases: tuple[CaseRule, ...] = ()
    journeys: tuple[Journey, ...] = ()
    personas: tuple[Persona, ...] = ()
    owners: tuple[Owner, ...] = ()
    sources: tuple[Source, ...] = ()

    def journey(self, name: str) -> Journey | None:
        """The journey of that id."""
        return next((journey for journey in self.journeys if journey.journey == name), None)

    def owner(self, name: str) -> Owner | None:
        """The owner of that id."""
        return next((owner for owner in self.owners if owner.owner == name), None)
