"""What a dispatcher has taken on, and what came of it."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from services.alerts.domain.directory import Addressee
from services.alerts.domain.letter import Letter


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that is ours until `lease_until`, as long as nobody has a higher `fence` on its conversation.

    `find`: look first whether an earlier attempt has arrived. `tries` counts this one, `lost` the times that it was
    sent before and the answer was lost; `refused`: it was refused before. `left`: somebody had it whose lease ended.
    `earlier` is the reference of the last message to the same address, asked for where one is to be found that begins
    a conversation.
    """

    id: UUID
    conversation: UUID
    thread: UUID
    to: Addressee
    root: str | None
    earlier: str | None = None
    letter: Letter
    edit: bool
    find: bool
    left: bool
    tries: int
    lost: int
    refused: bool
    tried_at: datetime | None
    caused_at: datetime
    fence: int
    lease_until: datetime


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt ended. `state` is what the delivery is now; `again_at` is when to go on with it, where it waits.

    `pause`: nothing goes to this receiver for so long. `outcome` is the word for ledger and metric, `answer` the
    provider's, or ours. `broken`: the receiver itself cannot be reached, whatever is said to it.
    """

    state: str
    outcome: str
    answer: str | None = None
    reference: str | None = None
    again_at: datetime | None = None
    pause: timedelta | None = None
    broken: bool = False
