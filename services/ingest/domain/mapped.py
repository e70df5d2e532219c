"""What comes of a payload."""

from typing import Any

import msgspec

from shared.events.refusal import Problem

UNVERIFIED = "unverified"
"""The extension attribute of events whose sender proved himself by nothing that a stranger could not have copied."""

MOST_PARTS = 1000
"""Parts of one delivery, and events that come of it: providers send a hundred, and the door has one loop."""


def too_many(what: str, found: int) -> Problem:
    """Why a delivery is kept whole instead of being read."""
    return Problem("", f"expected at most {MOST_PARTS:,} {what} in one delivery, found {found:,}: send them in several")


class Ready(msgspec.Struct, frozen=True):
    """An event that was read and found right: its key in Kafka, and its bytes."""

    key: str
    raw: bytes


class Notice(msgspec.Struct, frozen=True):
    """That there is something to be fetched: what names it, and what its sender said of it."""

    id: str
    said: Any


class Mapped(msgspec.Struct):
    """It may be several things at once: a batch whose third item is wrong."""

    events: list[Ready] = []
    problems: list[Problem] = []
    notices: list[Notice] = []
    ignored: list[str] = []
    unknown: list[str] = []
    """Questions that the source does not configure: their answers are kept in the event as `unmapped`."""
