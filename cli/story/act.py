"""Sends the events of an act, each at its time, while somebody watches what comes of them."""

import asyncio
from collections.abc import Sequence
from threading import Event as Flag
from threading import Thread
from time import monotonic
from types import TracebackType

import msgspec

from cli.sending.chunk import Line
from cli.sending.door import Door
from examples.retail.live import Timed
from shared.errors import VocError

_TOGETHER = 0.1  # seconds


class Act:
    """An act on its way through the door, in a thread of its own, for as long as the block lasts.

    `sent` of its `total` events are acknowledged. One that is not finished when the block ends begins nothing more:
    only what was begun, by its instance, goes on to its end, or what was promised would be missed once nobody looks.
    """

    def __init__(self, events: Sequence[Timed], url: str, key: str) -> None:
        self._events = events
        self._url, self._key = url, key
        self._stop = Flag()
        self._error: VocError | None = None
        self._thread = Thread(target=self._run, name="act", daemon=True)
        self.sent, self.total = 0, len(events)

    def __enter__(self) -> "Act":
        self._thread.start()
        return self

    def __exit__(self, *_why: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop.set()
        self._thread.join(5)

    @property
    def over(self) -> bool:
        return not self._thread.is_alive()

    def finish(self) -> None:
        """Wait for its last event. Raises VocError."""
        self._thread.join()
        self.check()

    def check(self) -> None:
        """Raises VocError if the door did not take an event."""
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._perform())
        except VocError as error:
            self._error = error

    async def _perform(self) -> None:
        began, place = monotonic(), 0
        async with Door(self._url, self._key) as door:
            while place < self.total and not self._stop.is_set():
                now, begin = monotonic() - began, place
                while place < self.total and self._events[place][0] <= now:
                    place += 1
                await self._send(door, self._events[begin:place])
                self.sent = place
                await asyncio.sleep(_TOGETHER)
            for at, event in self._begun(place):
                await asyncio.sleep(max(0.0, at - (monotonic() - began)))
                await self._send(door, [(at, event)])

    def _begun(self, place: int) -> list[Timed]:
        """What is left of the instances that were begun before `place`."""
        instances = {instance for _, event in self._events[:place] if (instance := event["data"].get("instance"))}
        return [(at, event) for at, event in self._events[place:] if event["data"].get("instance") in instances]

    @staticmethod
    async def _send(door: Door, events: Sequence[Timed]) -> None:
        if not events:
            return
        refused = await door.send([Line(n, msgspec.json.encode(event)) for n, (_, event) in enumerate(events)])
        if refused:
            raise VocError(f"The door refused an event of the story, {refused[0].id}: {refused[0].problems}")
