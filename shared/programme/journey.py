"""A journey map: stages, touchpoints, promises, moments of truth and what is measured at them."""

from datetime import timedelta

import msgspec

Scalar = bool | int | float | str
Rule = tuple[tuple[str, tuple[Scalar, ...]], ...]
"""(field, allowed values) pairs that must all hold; the field is `type` or one of the event's data."""

_TICKS_A_WINDOW = 28  # domain.md §4.1


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

    @property
    def every(self) -> timedelta:
        """How often it is decided: as its map says, else so often in its window."""
        return timedelta(seconds=self.tick or self.window / _TICKS_A_WINDOW)


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
    """One map. `major` rises when what is counted under a touchpoint's name changed: series do not run across it.

    `perspective` is whose journey it is: only their answers are measured at its moments of truth.
    """

    journey: str
    name: str
    perspective: str = "customer"
    personas: tuple[str, ...] = ()
    instance: InstanceRule = InstanceRule()
    stages: tuple[Stage, ...]
    major: int = 1

    @property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """All touchpoints in the order of the map."""
        return tuple(touchpoint for stage in self.stages for touchpoint in stage.touchpoints)
