"""Records that go to one partition together: the unit that Kafka acknowledges."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Any

Headers = list[tuple[str, bytes]]
NO_HEADERS: Headers = []
RECORD_BYTES = 100  # what a record takes beside its key, value and headers: many small ones are much, too


class Group:
    """`done` tells True when Kafka has all of it, False when it does not, or not in time."""

    __slots__ = ("builder", "bytes", "done", "opened_at", "records")

    def __init__(self, builder: Any) -> None:
        self.builder = builder  # aiokafka's
        self.done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.opened_at = monotonic()
        self.records = 0
        self.bytes = 0

    def add(self, key: bytes | None, value: bytes, headers: Headers, size: int) -> bool:
        """Whether there was room for it; the first one always fits. `size` is what it counts as while it waits."""
        if self.builder.append(timestamp=None, key=key, value=value, headers=headers) is None:
            return False
        self.records += 1
        self.bytes += size
        return True

    def add_all(self, records: Sequence[tuple[bytes, bytes]]) -> int:
        """How many of these (key, value) there was room for, from the first on; of a new group's at least one."""
        append = self.builder.append
        taken = size = 0
        for key, value in records:
            if append(timestamp=None, key=key, value=value) is None:
                break
            taken += 1
            size += len(key) + len(value)
        self.records += taken
        self.bytes += size + taken * RECORD_BYTES
        return taken

    def settle(self, acknowledged: bool) -> bool:
        """Tell those who wait; whether they had not been told before."""
        if self.done.done():
            return False
        self.done.set_result(acknowledged)
        return True
