"""What scoring keeps of a customer, as its views give it: one value a row, with the columns' names."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from shared.programme.weigh.features import Features


class Known(NamedTuple):
    """The customer. The persona was decided by the rules of version `programme`, None where it never was, and with it
    whether its treatment is skipped; `features` are of `weighed_at`: the last event, or a review after it."""

    identifiers: Sequence[str]
    persona: str
    since: datetime
    weighed_at: datetime
    programme: int | None
    treatment_skipped: bool
    features: Features


class Run(NamedTuple):
    """One run through a journey; `status` is open, completed or abandoned."""

    journey: str
    instance: str
    status: str
    first_at: datetime
    last_at: datetime
    ended_at: datetime | None
    steps: int


class Score(NamedTuple):
    """An answer on 0–100, given in a run. Those of one `response` are one moment; `answer` tells them apart."""

    journey: str
    instance: str
    response: str
    answer: str
    touchpoint: str
    metric: str
    score: float
    time: datetime
    source: str
    id: str


class Reached(NamedTuple):
    """A step that a run came to."""

    journey: str
    instance: str
    touchpoint: str


class Promised(NamedTuple):
    """One promise; `state` is open, kept or missed."""

    journey: str
    instance: str | None
    touchpoint: str
    due_at: datetime
    state: str
    decided_at: datetime | None


class Happened(NamedTuple):
    """One row of the timeline. `position` tells apart what happened at the same time; `event` is the event's JSON."""

    time: datetime
    position: int
    id: str
    source: str
    type: str
    touchpoint: str | None
    event: bytes


class Customer(NamedTuple):
    """All of it at one moment. `timeline` has one row more than was asked for, where there is one."""

    known: Known
    runs: list[Run]
    scores: list[Score]
    reached: list[Reached]
    promises: list[Promised]
    timeline: list[Happened]
