"""All connections to the door: no more than may be open, and none that keeps us waiting for too long."""

import asyncio
from time import monotonic

from services.ingest import metrics
from services.ingest.entrypoints.connection import Connection

SWEEP_SECONDS = 0.5


class Connections:
    """What is open. One sweep looks at all of them: at a thousand it costs half a thousandth of a core."""

    def __init__(self, *, most: int, most_head_bytes: int, most_headers: int, head_seconds: float) -> None:
        opened: set[Connection] = set()
        self._open = opened
        self._seconds = head_seconds
        limits = {"most_connections": most, "most_head_bytes": most_head_bytes, "most_headers": most_headers}
        self.protocol = type("LimitedConnection", (Connection,), {**limits, "open": opened})
        metrics.CONNECTIONS.set_function(lambda: len(opened))

    async def watch(self) -> None:
        """Close what is too slow, until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep(monotonic())

    def sweep(self, now: float) -> None:
        """Give up whoever owes us the same for longer than `head_seconds`."""
        for connection in list(self._open):
            owed = connection.waits_for
            if owed is None or owed is not connection.seen:
                connection.seen, connection.seen_at = owed, now
            elif now - connection.seen_at > self._seconds:
                connection.give_up()
