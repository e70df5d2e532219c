"""What the API answers, as programs are written against it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shared.events.told.case import CaseOpened
from shared.events.told.moment import MomentDecided


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try: `what` is send or find, `answer` the provider's word or ours."""

    what: str
    began_at: datetime
    ended_at: datetime | None
    outcome: str | None
    answer: str | None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One thing said to one receiver. `reason` tells why, `answer` how it stands, `thread` of what it is."""

    id: UUID
    about: str
    thread: UUID
    channel: str
    to: str
    kind: str
    edit: bool
    reason: str
    state: str
    queued_at: datetime
    done_at: datetime | None
    due_at: datetime | None
    tries: int
    reference: str | None
    answer: str | None
    attempts: list[Attempt] = []


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """One red spell of one moment of truth. `status` is what was decided last, `evidence` all of that decision."""

    id: UUID
    journey: str
    touchpoint: str
    status: str
    initial: bool
    opened_at: datetime
    closed_at: datetime | None
    closed_because: str | None
    acknowledged_by: str | None
    evidence: MomentDecided
    opened_by: MomentDecided
    deliveries: list[Delivery] = []


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One customer who needed help. `reply_by` is null where business hours would have to be counted."""

    id: str
    owner: str
    customer: str
    opened_at: datetime
    reply_by: datetime | None
    case: CaseOpened
    deliveries: list[Delivery] = []


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A list; `next` is the cursor of the page after it."""

    items: list[Any]
    next: str | None = None
