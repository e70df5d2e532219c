"""When groups leave for Kafka: all lanes together, as soon as those that left before have come back."""

import asyncio

LONGEST_SECONDS = 0.02  # that a group which does not come back keeps the others


class Departure:
    """The lanes' common timetable. aiokafka has one request a broker under way: a group that leaves alone makes the
    others wait for it, and travels nearly empty. Who comes when nothing is under way leaves at the loop's next turn.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._under_way = 0
        self._next: asyncio.Future[None] | None = None
        self._at_last: asyncio.TimerHandle | None = None

    async def wait(self) -> None:
        """Until the next one."""
        if self._next is None:
            self._next = self._loop.create_future()
            if self._under_way:
                self._at_last = self._loop.call_later(LONGEST_SECONDS, self._leave, self._next)
            else:
                self._loop.call_soon(self._leave, self._next)
        await asyncio.shield(self._next)

    def left(self) -> None:
        """A group is under way."""
        self._under_way += 1

    def back(self) -> None:
        """It came back, or will not."""
        self._under_way -= 1
        if self._next is not None and not self._under_way:
            self._loop.call_soon(self._leave, self._next)

    def _leave(self, departure: "asyncio.Future[None]") -> None:
        if departure.done():
            return
        departure.set_result(None)
        self._next = None
        if self._at_last is not None:
            self._at_last.cancel()
            self._at_last = None
