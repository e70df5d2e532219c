"""How a source's bridge does, as `/v1/sources` and its metrics tell it."""

from datetime import datetime
from typing import Literal

import msgspec

State = Literal["starting", "reading", "waiting", "stopped"]


class Partition(msgspec.Struct, frozen=True, kw_only=True):
    """How far one partition is read. `lag` is as of `looked_at`; `said` is why it was last read on elsewhere."""

    partition: int
    generation: int
    next_offset: int
    lag: int | None
    lost: int
    looked_at: datetime | None
    said: str
    said_at: datetime | None


class BridgeState(msgspec.Struct, frozen=True, kw_only=True):
    """`says` is what it waits for, or why it was stopped; `since` when it was stopped, or has not been read steadily.
    `lag` is that of all partitions, None where nobody knows."""

    source: str
    topic: str
    state: State
    says: str
    since: datetime | None
    lag: int | None
    partitions: list[Partition]


def lag_of(partitions: list[Partition]) -> int | None:
    """Of all of them together."""
    known = [partition.lag for partition in partitions if partition.lag is not None]
    return sum(known) if known else None
