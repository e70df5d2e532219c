"""Owners: who answers for a moment of truth or a case, when, and how they are told."""

from datetime import date
from typing import Literal

import msgspec

from shared.programme.delay import Delay


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
