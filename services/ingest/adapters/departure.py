"""When groups leave: a moment later where several send at once, and all lanes together."""

import asyncio

GATHER_SECONDS = 0.001
LONGEST_SECONDS = 0.02  # that one group keeps the others


class Departure:
    """The lanes' common timetable. aiokafka has one request a broker under way, so what leaves alone keeps the others
    waiting; and those who were just answered send again in a moment. So groups leave together, a moment after the ones
    before have come back, and are not kept for long by one that does not come back.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._under_way = 0
        self._next: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def wait(self) -> None:
        """Until the next one."""
        if self._next is None:
            self._next = self._loop.create_future()
            self._in(LONGEST_SECONDS if self._under_way else GATHER_SECONDS)
        await asyncio.shield(self._next)

    def left(self) -> None:
        """A group is under way."""
        self._under_way += 1

    def back(self) -> None:
        """It came back."""
        self._under_way -= 1
        if self._next is not None and not self._under_way:
            self._in(GATHER_SECONDS)

    def _in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, self._leave)

    def _leave(self) -> None:
        assert self._next is not None
        self._next.set_result(None)
        self._next = self._timer = None
