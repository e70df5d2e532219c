"""What a batch works on: the state it loaded, and everything that folding changed in it."""

from datetime import datetime

import msgspec

from services.scoring.domain.state import Cell, Customer, Instance, Response

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


class Ledger(msgspec.Struct):
    """Loaded state and changes. What is in `customers`, `instances` and `responses` after folding is written back.

    `unsettled` are the promise books, by instance and touchpoint, that events have added to since they were settled,
    with the persona that their customer was then.
    """

    customers: dict[str, Customer] = {}
    instances: dict[InstanceKey, Instance] = {}
    responses: dict[bytes, Response] = {}
    counts: dict[Cell, int] = {}
    timeline: list[TimelineRow] = []
    unsettled: dict[tuple[InstanceKey, str], str] = {}

    def count(self, cell: Cell, times: int) -> None:
        """Add `times` (negative: take back) to a cell."""
        self.counts[cell] = self.counts.get(cell, 0) + times
