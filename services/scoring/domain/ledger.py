"""What a batch works on: the state it loaded, and everything that folding changed in it."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from services.scoring.domain.state import Cell, Customer, Instance, Response
from shared.events.told.envelope import Told

InstanceKey = tuple[str, str, str]
"""(customer, journey, instance); the instance is empty for what belongs to none, such as promises without one."""


TimelineRow = tuple[
    str | None, datetime, datetime, bytes, str, str, str, str | None, str | None, str | None, int, int, bytes
]
"""One event as it stands in a customer's timeline; `COLUMNS` names the places."""

COLUMNS = (
    "customer",
    "time",
    "received_at",
    "identity",
    "id",
    "source",
    "type",
    "journey",
    "touchpoint",
    "instance",
    "programme",
    "fold",
    "event",
)


class Telling(NamedTuple):
    """Something to be told on a topic of ours: the data, and of the CloudEvent around it what differs. `id` is the same
    whenever the same events are folded; `sequence` rises with each change of the same subject."""

    data: Told
    id: str
    subject: str
    time: datetime
    sequence: int | None = None


class Unsettled(NamedTuple):
    """What a promise book waits with: the persona of its customer, and when the last event that added to it came."""

    persona: str
    received_at: datetime


class Ledger(msgspec.Struct):
    """Loaded state and changes. What is in `customers`, `instances` and `responses` after folding is written back.

    `unsettled` are the promise books, by instance and touchpoint, that events have added to since they were settled.
    `told` is to be published once all of it is durable. `reviewed` is the version for which everybody is, or was,
    looked at again (ADR 0013), else 0; `left_behind` are customers whom events leave where one of before decides.
    """

    customers: dict[str, Customer] = {}
    instances: dict[InstanceKey, Instance] = {}
    responses: dict[bytes, Response] = {}
    counts: dict[Cell, int] = {}
    timeline: list[TimelineRow] = []
    unsettled: dict[tuple[InstanceKey, str], Unsettled] = {}
    told: list[Telling] = []
    reviewed: int = 0
    left_behind: list[str] = []

    def count(self, cell: Cell, times: int) -> None:
        """Add `times` (negative: take back) to a cell."""
        self.counts[cell] = self.counts.get(cell, 0) + times
