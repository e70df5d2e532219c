"""`POST /v1/events`, the hot path: plain ASGI in front of FastAPI (ADR 0007). Plainer than the rest, on purpose."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
import structlog

from services.ingest import metrics
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantine import Quarantine
from services.ingest.domain.batch import sort, split
from services.ingest.domain.binary import is_binary, structured
from services.ingest.domain.mode import BATCH_TYPE, JSON_TYPE, STRUCTURED_TYPE, Mode, mode_of
from services.ingest.domain.received import stamped
from services.ingest.domain.rejection import rejection
from services.ingest.entrypoints.body import Bodies, Disconnected, Message, Receive
from shared.clock import Clock
from shared.errors import Unavailable
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Refused
from shared.http.keys import KeyRing, refusal
from shared.http.problem import MEDIA_TYPE, HttpProblem, body_of

log = structlog.get_logger(__name__)

PATH = "/v1/events"
RETRY_AFTER = {"Retry-After": "2"}
MAY_SEND = ("ingest", "admin")

Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


def _answer(
    status: int, body: bytes, media_type: str, headers: dict[str, str] | None = None
) -> tuple[Message, Message]:
    named = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode())]
    named += [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    return (
        {"type": "http.response.start", "status": status, "headers": named},
        {"type": "http.response.body", "body": body},
    )


_ONE_START, _ONE_BODY = _answer(202, b'{"accepted":1,"rejected":[]}', JSON_TYPE)


class Door:
    """The ASGI application: answers `POST /v1/events` itself and hands everything else to `rest`."""

    def __init__(
        self,
        rest: Asgi,
        *,
        ring: KeyRing,
        publisher: Publisher,
        quarantine: Quarantine,
        bodies: Bodies,
        clock: Clock,
        most_events: int,
    ) -> None:
        self._rest = rest
        self._ring = ring
        self._publisher = publisher
        self._quarantine = quarantine
        self._bodies = bodies
        self._clock = clock
        self._most_events = most_events

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._rest(scope, receive, send)
            return
        try:
            await self._take(scope, receive, send)
        except HttpProblem as problem:
            await self._refuse(problem, send)
        except Unavailable as reason:
            metrics.UNAVAILABLE.labels(str(reason)).inc()
            await self._refuse(HttpProblem(503, f"{reason} Send it again.", headers=RETRY_AFTER), send)
        except Disconnected:
            pass
        except Exception:  # the door's one: whatever we did not think of is a problem document too
            log.exception("event-not-answered")
            await self._refuse(HttpProblem(500, "Something failed on our side; the log has the details."), send)

    async def _take(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            raise HttpProblem(405, "Events are sent by POST.", headers={"Allow": "POST"})
        headers = dict(scope["headers"])
        authorization = headers.get(b"authorization", b"").decode("latin-1")
        if self._ring.scope_of(authorization) not in MAY_SEND:
            await self._check_key(authorization)
        mode = mode_of(headers.get(b"content-type", b""))
        if mode is None or b"content-encoding" in headers:
            raise _media_type(headers)
        raw = await self._bodies.read(receive, headers.get(b"content-length"))
        received_at = self._clock()
        if mode is Mode.BATCH:
            await self._take_batch(raw, received_at, send)
            return
        try:
            if mode is Mode.PLAIN and is_binary(scope["headers"]):
                raw = structured(scope["headers"], raw)
            event = read(raw, not_after=received_at + LATEST_AHEAD)
        except Refused as refused:
            raise await self._refused(refused, raw, received_at) from refused
        self._publisher.waiting.check()
        if event.time is None:
            raw = stamped(raw, received_at)
        if not await self._publisher.put(event.key, raw):
            raise Unavailable("Kafka did not acknowledge in time.")
        metrics.ACCEPTED.inc()
        await send(_ONE_START)
        await send(_ONE_BODY)

    async def _take_batch(self, body: bytes, received_at: datetime, send: Send) -> None:
        try:
            items = split(body)
        except Refused as refused:
            raise await self._refused(refused, body, received_at) from refused
        if len(items) > self._most_events:
            raise HttpProblem(413, f"A batch may have {self._most_events:,} events; this one has {len(items):,}.")
        accepted, rejected = sort(items, received_at)
        self._publisher.waiting.check()
        groups = {self._publisher.put(key, value) for key, value in accepted}
        if rejected:
            metrics.REFUSED.labels("invalid").inc(len(rejected))
            await self._quarantine.keep(rejected, received_at)
        if not all([await group for group in groups]):
            raise Unavailable("Kafka did not acknowledge in time.")
        metrics.ACCEPTED.inc(len(accepted))
        outcome = {"accepted": len(accepted), "rejected": [one.answer() for one in rejected]}
        if not accepted:
            detail = f"None of the batch's {len(items)} events was taken." if items else "The batch has no events."
            raise HttpProblem(422, detail, extra=outcome)
        for message in _answer(202, msgspec.json.encode(outcome), JSON_TYPE):
            await send(message)

    async def _check_key(self, authorization: str) -> None:
        scope = await self._ring.find(authorization)
        problem = refusal(scope, "ingest", loaded=self._ring.loaded)
        if problem is not None:
            metrics.REFUSED.labels("key").inc()
            raise problem

    async def _refused(self, refused: Refused, raw: bytes, received_at: datetime) -> HttpProblem:
        """Set it aside, and the problem that its sender is told."""
        metrics.REFUSED.labels("malformed" if refused.malformed else "invalid").inc()
        await self._quarantine.keep([rejection(raw, refused.problems)], received_at)
        return HttpProblem(
            400 if refused.malformed else 422, str(refused), extra={"problems": msgspec.to_builtins(refused.problems)}
        )

    async def _refuse(self, problem: HttpProblem, send: Send) -> None:
        body = body_of(problem.status, problem.detail, problem.extra)
        for message in _answer(problem.status, body, MEDIA_TYPE, problem.headers):
            await send(message)


def _media_type(headers: dict[bytes, bytes]) -> HttpProblem:
    if b"content-encoding" in headers:
        return HttpProblem(415, "Bodies are taken without Content-Encoding.", headers={"Accept-Encoding": "identity"})
    metrics.REFUSED.labels("media-type").inc()
    return HttpProblem(
        415,
        f"Send JSON in UTF-8: {STRUCTURED_TYPE}, {BATCH_TYPE}, or {JSON_TYPE} with the attributes in `ce-` headers.",
        headers={"Accept": f"{STRUCTURED_TYPE}, {BATCH_TYPE}, {JSON_TYPE}"},
    )
