"""What a company has decided, as frozen values: the programme that `load` reads and `store` keeps.

Durations are whole seconds; where business hours are allowed, a `Delay`. Names that refer to something (owners,
personas, touchpoints) were checked when the programme was read. Every value survives JSON, which is its stored form.
"""

from datetime import date
from typing import Literal

import msgspec

from shared.programme.delay import Delay
from shared.programme.journey import (
    Dwell,
    InstanceRule,
    Journey,
    Measure,
    MomentOfTruth,
    Person,
    Promise,
    Rule,
    Scalar,
    Stage,
    Touchpoint,
)
from shared.programme.owner import Escalation, Opening, Owner, Receiver
from shared.programme.persona import Condition, Persona, Signal, Treatment
from shared.programme.privacy import Pattern, Privacy
from shared.programme.source import Question, Source

__all__ = [
    "Allowance",
    "CaseRule",
    "Condition",
    "Delay",
    "Dwell",
    "Escalation",
    "Goal",
    "Governance",
    "InstanceRule",
    "Journey",
    "Measure",
    "MomentOfTruth",
    "Opening",
    "Owner",
    "Pattern",
    "Person",
    "Persona",
    "Privacy",
    "Programme",
    "Promise",
    "PromiseMissed",
    "Question",
    "Receiver",
    "Rule",
    "Scalar",
    "ScoreIs",
    "Signal",
    "Source",
    "Stage",
    "Surveys",
    "Touchpoint",
    "Treatment",
]


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
    privacy: Privacy | None = None
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
