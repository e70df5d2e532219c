"""Reads a request's body: no longer, no slower and no more of them at once than the settings allow."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from typing import Any

from services.ingest.domain.not_now import NotNow
from shared.http.problem import HttpProblem

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

SWEEP_SECONDS = 0.5


class Disconnected(Exception):
    """The client went away before its body was whole: there is nobody to answer."""


class Bodies:
    """The bodies that are coming in. One clock looks at all of them; most are there at once and cost it nothing."""

    def __init__(self, *, most_bytes: int, seconds: float, most_held_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._most_held = most_held_bytes
        self._held = 0
        self._loop = asyncio.get_running_loop()
        self._begun: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()

    async def read(self, receive: Receive, declared: bytes | None) -> bytes:
        """The whole body. `declared` is the Content-Length.

        Raises HttpProblem when it is too long, NotNow when it is too slow or too many come in, Disconnected.
        """
        if declared is not None and int(declared) > self._most_bytes:
            raise self._too_long()
        task = asyncio.current_task(self._loop)  # without the loop, Python 3.11 asks the kernel for it
        assert task is not None
        self._begun[task] = monotonic()
        try:
            message = await receive()
            body: bytes = message.get("body", b"")
            if message["type"] == "http.disconnect" or message.get("more_body"):
                return await self._rest(message, receive)
            if len(body) > self._most_bytes:
                raise self._too_long()
            return body
        except asyncio.CancelledError:
            if task not in self._late:
                raise
            task.uncancel()
            raise NotNow("slow-body") from None
        finally:
            del self._begun[task]
            self._late.discard(task)

    async def watch(self) -> None:
        """End the reading of what is too slow, until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            begun_before = monotonic() - self._seconds
            for task, begun in list(self._begun.items()):
                if begun < begun_before and task not in self._late:
                    self._late.add(task)
                    task.cancel()

    async def _rest(self, message: Message, receive: Receive) -> bytes:
        """A body that comes in pieces: those are counted, because there may be many at once."""
        parts: list[bytes] = []
        length = 0
        try:
            while True:
                if message["type"] == "http.disconnect":
                    raise Disconnected
                part = message.get("body", b"")
                parts.append(part)
                length += len(part)
                self._held += len(part)
                if length > self._most_bytes:
                    raise self._too_long()
                if self._held > self._most_held:
                    raise NotNow("long-bodies")
                if not message.get("more_body"):
                    return b"".join(parts)
                message = await receive()
        finally:
            self._held -= length

    def _too_long(self) -> HttpProblem:
        return HttpProblem(413, f"A request may have {self._most_bytes:,} bytes; send smaller batches.")
