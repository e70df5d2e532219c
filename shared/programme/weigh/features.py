"""What is kept of a customer for personas to weigh, as it stands in the database. Fields are only ever added."""

from datetime import datetime
from typing import Any

import msgspec

from shared.events.event import Stamp


class Attribute(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The latest value of an attribute and who said so when."""

    value: Any
    stamp: Stamp


class Action(msgspec.Struct, array_like=True, gc=False):
    """How often an action happened, and when last."""

    count: int
    last_at: datetime


class Scores(msgspec.Struct, array_like=True, gc=False):
    """A customer's own answers to one metric: how many, their sum in hundredths, and the latest, whole."""

    n: int
    sum: int
    last: int | float  # as it was said: a 5 that became 5.0 on being loaded would differ from one that was not
    last_stamp: Stamp


class Amounts(msgspec.Struct, array_like=True, gc=False):
    """Amounts of outcomes, in ten-thousandths of the unit so that sums are exact; `largest` likewise."""

    n: int = 0
    sum: int = 0
    largest: int = 0


class Features(msgspec.Struct, omit_defaults=True, gc=False):
    """A customer as far as personas look; `first_at` is the time of the earliest event."""

    first_at: datetime
    attributes: dict[str, Attribute] = {}
    actions: dict[str, Action] = {}
    channels: dict[str, int] = {}
    amounts: Amounts | None = None
    scores: dict[str, Scores] = {}
    outcomes: dict[str, int] = {}
    promises_missed: int = 0
