"""One connection to the door: uvicorn's protocol, with an end to what uvicorn waits for and gathers without one.

uvicorn on httptools has no limit to a request's head, neither in bytes nor in time, and its keep-alive clock stands
from the first byte of a request until an answer is sent. Here a head that is too large is refused while it comes in,
and `waits_for` tells the sweep of `connections.py` what a client owes us; no request pays for a timer.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.ingest import metrics
from services.ingest.domain.not_now import NotNow
from services.ingest.entrypoints.answer import Answer, not_now, refused
from shared.http.problem import HttpProblem

SPARE = 100  # connections beyond the most that are told why they are not served; those beyond these are just closed
_CLOSE = {"Connection": "close"}
_feed = HttpToolsProtocol.data_received  # hot path: `super()` looks these up anew for each request
_begin = HttpToolsProtocol.on_headers_complete


class Connection(HttpToolsProtocol):
    """A client's. `Connections.protocol` gives its limits, and the set of all that are open."""

    most_connections: ClassVar[int]
    most_head_bytes: ClassVar[int]
    most_headers: ClassVar[int]
    open: ClassVar[set["Connection"]]

    seen: object | None = None  # what it waited for when the sweep came by, and since when
    seen_at = 0.0
    _doubtful = False  # whether its next head is to be measured
    _growing: object | None = None  # the request whose head comes in pieces, and what came of it since the first one
    _grown = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """As many as may be are served, a few more are told that there are too many, all others are just closed."""
        super().connection_made(transport)
        self.open.add(self)
        if len(self.open) > self.most_connections + SPARE:
            metrics.CLOSED.labels("too-many").inc()
            transport.abort()
        elif len(self.open) > self.most_connections:
            self.app = _unless_operations(self.app, lambda: not_now(NotNow("connections"), headers=_CLOSE))

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self.open.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hot path: a request that comes whole costs two comparisons here."""
        if len(data) > self.most_head_bytes:
            self._doubtful = True
        _feed(self, data)
        scope = self.scope
        if scope is not None and (self.cycle is None or self.cycle.scope is not scope):
            self._measure(len(data))

    def on_headers_complete(self) -> None:
        """Hand the request on; one whose head is too large to whoever says so."""
        if not self._doubtful and len(self.headers) <= self.most_headers:
            _begin(self)
            return
        self._doubtful = False
        app = self.app
        if (problem := self._too_large()) is not None:
            self.app = _unless_operations(app, lambda: refused(problem))
        super().on_headers_complete()
        self.app = app

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is refused as everything else is."""
        self.end(refused(HttpProblem(400, msg, headers=_CLOSE)))

    @property
    def waits_for(self) -> object | None:
        """What the client owes us: the same object as long as it is the same. None while it is our turn, and while
        uvicorn's keep-alive clock runs.
        """
        cycle = self.cycle
        if self.transport.is_closing():
            return self.transport  # to take what is still to be sent
        if self.flow.write_paused:
            return self.flow  # to read its answers
        if cycle is None:
            return self.scope or self  # a head, or anything at all
        if not cycle.response_complete:
            return None
        if self.scope is not cycle.scope:
            return self.scope  # the next head
        return cycle if self.timeout_keep_alive_task is None else None  # to end a body that was answered

    def give_up(self) -> None:
        """Close it; whoever has begun a request hears why."""
        begun = self.scope is not None and (self.cycle is None or self.cycle.scope is not self.scope)
        if begun and not self.transport.is_closing() and not self.flow.write_paused:
            metrics.CLOSED.labels("slow-head").inc()
            self.end(refused(HttpProblem(408, "The request's head did not come in in time.", headers=_CLOSE)))
        else:
            metrics.CLOSED.labels("idle" if self.cycle is None else "unread").inc()
            self.transport.abort()

    def end(self, answer: Answer) -> None:
        """Say this, as no application can any more, and close."""
        start, body = answer
        lines = [f"HTTP/1.1 {start['status']} {HTTPStatus(start['status']).phrase}".encode()]
        lines += [b"%b: %b" % field for field in start["headers"]]
        self.transport.write(b"\r\n".join([*lines, b"", body["body"]]))
        self.transport.close()

    def _measure(self, length: int) -> None:
        """A head comes in pieces. The first one is not counted: an earlier request may end in it."""
        self._doubtful = True
        if self._growing is not self.scope:
            self._growing, self._grown = self.scope, 0
            return
        self._grown += length
        if self._grown > self.most_head_bytes and not self.transport.is_closing():
            metrics.CLOSED.labels("large-head").inc()
            self.end(refused(self._too_long()))

    def _too_large(self) -> HttpProblem | None:
        if len(self.headers) > self.most_headers:
            detail = f"A request may have {self.most_headers:,} header fields; this one has {len(self.headers):,}."
            return HttpProblem(431, detail, headers=_CLOSE)
        length = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        return self._too_long() if length > self.most_head_bytes else None

    def _too_long(self) -> HttpProblem:
        return HttpProblem(
            431, f"A request's address and header fields may have {self.most_head_bytes:,} bytes.", headers=_CLOSE
        )


def _unless_operations(app: Any, answer: Callable[[], Answer]) -> Any:
    """`app` for health and metrics, and this answer for everything else."""

    async def answering(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] in ("/healthz", "/readyz", "/metrics"):
            await app(scope, receive, send)
            return
        for message in answer():
            await send(message)

    return answering
