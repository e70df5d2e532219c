"""What a batch works on: the state it loaded, and everything that folding changed in it."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from services.scoring.domain.state import Cell, Customer, Instance, Response

InstanceKey = tuple[str, str, str]
"""(customer, journey, instance); the instance is empty for what belongs to none, such as promises without one."""


class TimelineRow(NamedTuple):
    """One event as it stands in a customer's timeline, in the columns' order of the COPY."""

    customer: str | None
    time: datetime
    received_at: datetime
    identity: bytes
    id: str
    source: str
    type: str
    journey: str | None
    touchpoint: str | None
    instance: str | None
    programme: int
    fold: int
    event: bytes


class Ledger(msgspec.Struct):
    """Loaded state and changes. What is in `customers`, `instances` and `responses` after folding is written back."""

    customers: dict[str, Customer] = {}
    instances: dict[InstanceKey, Instance] = {}
    responses: dict[bytes, Response] = {}
    counts: dict[Cell, int] = {}
    timeline: list[TimelineRow] = []

    def count(self, cell: Cell, times: int) -> None:
        """Add `times` (negative: take back) to a cell."""
        self.counts[cell] = self.counts.get(cell, 0) + times
