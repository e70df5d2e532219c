"""The one protocol that all channels meet. Adding a channel means one file beside this one and its test."""

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from services.alerts.domain.letter import Letter


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs together: `id` of the episode, case or trouble, and the reference of the first message sent to
    this receiver about it, None as long as there is none."""

    id: UUID
    root: str | None = None


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery, ready to be sent. `delivery` is its id, the same at each attempt.

    `address` is where the programme says, `env:` resolved. `edit`: change the living message `thread.root` instead of
    sending another one; only for channels that are `living`. `tried_at` is when the first attempt began, None before.
    `earlier` is the reference of the last message to the same address, where it is at hand.
    """

    delivery: UUID
    address: str
    thread: Thread
    letter: Letter
    edit: bool = False
    tried_at: datetime | None = None
    earlier: str | None = None


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """The receiver has it. `reference` is how the provider knows the message (Slack `C024BE91L/1732512345.000200`,
    mail its Message-ID); the first one of a thread is its root. `note` says what is not as it should be."""

    reference: str
    note: str | None = None


class NotSent(Exception):
    """It did not arrive, or that is not known. `reason` is a sentence for people that says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(NotSent):
    """It has surely not arrived and may do so later. `retry_after` is what the provider asked for, if it did; then
    nothing at all should go to this address until it has passed."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Refused(NotSent):
    """It will not arrive however often it is tried, until somebody has done what `reason` says."""


class MessageRefused(Refused):
    """The fault is found with this message, as far as the provider's word tells: others may well arrive there."""


class Unclear(NotSent):
    """Nobody knows whether it has arrived: the answer was lost. `Channel.find` settles it, some seconds later."""


class Channel(Protocol):
    """A way to a person. One object serves any number of deliveries at once; it keeps no state that matters.

    `living`: a message can be changed after it was sent. `pace`: the shortest time between two messages to one
    address that the provider allows, None for none. `within`: the longest that a call may take; what takes longer is
    broken off.
    """

    living: bool
    pace: timedelta | None
    within: timedelta

    async def send(self, delivery: Outgoing) -> Sent:
        """Once. Raises TryLater, Refused or Unclear, and nothing else."""
        ...

    async def find(self, delivery: Outgoing) -> Sent | None:
        """After an unclear `send`: what it left behind, or None where sending once more is right.

        That is where there is nothing, or where the same again does no harm: an edit. Raises TryLater where it cannot
        be seen now, Refused where it never can: then it is sent again a few times, ever more slowly.
        """
        ...
