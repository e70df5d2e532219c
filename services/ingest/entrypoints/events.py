"""`POST /v1/events`, the hot path: plain ASGI in front of FastAPI (ADR 0007). Plainer than the rest, on purpose."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import msgspec
import structlog

from services.ingest import metrics
from services.ingest.adapters.protections import Protections
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantine import Quarantine
from services.ingest.domain.batch import Sorted, sort, split
from services.ingest.domain.binary import attributes, is_binary, structured
from services.ingest.domain.mode import BATCH_TYPE, Mode, mode_of
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.received import stamped
from services.ingest.domain.rejection import Rejection, in_parts, rejection
from services.ingest.entrypoints.answer import Answer, not_now, not_our_media, outcome, refused, taken
from services.ingest.entrypoints.body import Bodies, Disconnected, Message, Receive
from services.ingest.entrypoints.quotas import Quotas
from services.ingest.entrypoints.webhooks import PREFIX as WEBHOOKS
from shared.clock import Clock
from shared.events.read import LATEST_AHEAD, read
from shared.events.refusal import Refused
from shared.http.held_key import HeldKey, refusal
from shared.http.keys import KeyRing, KeysAway
from shared.http.problem import HttpProblem

log = structlog.get_logger(__name__)

PATH = "/v1/events"
MAY_SEND = ("ingest", "admin")

Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

_ONE = taken(1, [])


class Door:
    """The ASGI application: answers `POST /v1/events` itself, hands webhooks on, and everything else to `rest`."""

    def __init__(
        self,
        rest: Asgi,
        *,
        webhooks: Callable[[Message, Receive], Awaitable[Answer]],
        ring: KeyRing,
        quotas: Quotas,
        publisher: Publisher,
        quarantine: Quarantine,
        protections: Protections,
        bodies: Bodies,
        clock: Clock,
        most_events: int,
    ) -> None:
        self._rest = rest
        self._webhooks = webhooks
        self._ring = ring
        self._quotas = quotas
        self._publisher = publisher
        self._quarantine = quarantine
        self._protections = protections
        self._bodies = bodies
        self._clock = clock
        self._most_events = most_events

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            take: Callable[[Message, Receive], Awaitable[Answer]] = self._take
        elif scope["type"] == "http" and scope["path"].startswith(WEBHOOKS):
            take = self._webhooks
        else:
            await self._rest(scope, receive, send)
            return
        try:
            answer = await take(scope, receive)
        except Disconnected:
            return
        except NotNow as reason:
            answer = not_now(reason)
        except HttpProblem as problem:
            answer = refused(problem)
        except Exception:  # the door's one: what nobody thought of is answered in the same way
            log.exception("not-answered")
            answer = refused(HttpProblem(500, "Something failed on our side; the log has the details."))
        await send(answer[0])
        await send(answer[1])

    async def _take(self, scope: Message, receive: Receive) -> Answer:
        """202 when Kafka has it. Raises whatever else is to be answered."""
        if scope["method"] != "POST":
            raise HttpProblem(405, "Events are sent by POST.", headers={"Allow": "POST"})
        headers = dict(scope["headers"])
        authorization = headers.get(b"authorization", b"").decode("latin-1")
        key = self._ring.known(authorization)
        if key is None or key.scope not in MAY_SEND:
            key = await self._check_key(authorization)
        mode = mode_of(headers.get(b"content-type", b""))
        if mode is None or b"content-encoding" in headers:
            raise not_our_media(encoded=mode is not None)
        if key.quota is not None and mode is not Mode.BATCH:
            self._quotas.take(key, 1)
        raw = await self._bodies.read(receive, headers.get(b"content-length"))
        received_at = self._clock()
        if mode is Mode.BATCH:
            answer = self._take_batch(raw, received_at, key)
            del raw  # while an answer is waited for, only Kafka's copy is kept
            return await answer
        if mode is Mode.PLAIN and is_binary(scope["headers"]):
            raw = await self._put_together(scope["headers"], raw, received_at)
        protection = self._protections.door
        try:
            event = read(raw, not_after=received_at + LATEST_AHEAD)
            subject = event.key
            if event.time is None:
                raw = stamped(raw, received_at)
            if protection is not None:
                subject, raw = await self._protections.apart(len(raw), partial(protection.of_event, raw, event))
        except Refused as fault:
            hint = f"; a batch is sent as {BATCH_TYPE}" if raw.lstrip().startswith(b"[") else ""
            raise await self._refused(fault, rejection(raw, fault), received_at, hint) from fault
        acknowledged = self._publisher.put(subject, raw)
        del event, raw
        if not await acknowledged:
            raise NotNow("late")
        return _ONE if key.quota is None else self._quotas.told(_ONE, key)

    async def _take_batch(self, body: bytes, received_at: datetime, key: HeldKey) -> Answer:
        try:
            items = split(body)
        except Refused as fault:
            self._charge(key, 1)
            raise await self._refused(fault, rejection(body, fault, content_type=BATCH_TYPE), received_at) from fault
        if len(items) > self._most_events:
            raise HttpProblem(413, f"A batch may have {self._most_events:,} events; this one has {len(items):,}.")
        self._charge(key, len(items))
        accepted, rejected = await self._sorted(items, received_at)
        total, right = len(items), len(accepted)
        groups = self._publisher.put_all(accepted)
        del body, items, accepted
        if rejected:
            await self._set_aside(rejected, received_at)
        if not all([await group for group in groups]):
            raise NotNow("late")
        if not right:
            detail = f"None of the batch's {total:,} events was taken." if total else "The batch has no events."
            raise HttpProblem(422, detail, extra=outcome(0, rejected))
        if rejected:
            metrics.REFUSED.labels("invalid").inc(len(rejected))
        answer = taken(right, rejected)
        return answer if key.quota is None else self._quotas.told(answer, key)

    async def _sorted(self, items: list[msgspec.Raw], received_at: datetime) -> Sorted:
        """The batch apart. A comment can take a fraction of a millisecond to redact: others are let in meanwhile."""
        protection = self._protections.door
        if protection is None:
            return sort(items, received_at)
        return await self._protections.apart(sum(map(len, items)), partial(sort, items, received_at, protection))

    async def _check_key(self, authorization: str) -> HeldKey:
        """The key of a header that is not known yet. Raises the problem of one that may not send."""
        try:
            key = await self._ring.find(authorization)
        except KeysAway:
            raise NotNow("no-keys") from None
        problem = refusal(key, "ingest")
        if problem is not None:
            raise problem
        assert key is not None
        return key

    def _charge(self, key: HeldKey, events: int) -> None:
        if key.quota is not None:
            self._quotas.take(key, max(1, events))

    async def _put_together(self, headers: list[tuple[bytes, bytes]], body: bytes, received_at: datetime) -> bytes:
        """The structured event of a request in binary mode. One that makes none is set aside with its headers."""
        try:
            return structured(headers, body)
        except Refused as fault:
            content_type = dict(headers).get(b"content-type", b"")
            refused = in_parts(body, fault, attributes(headers), content_type)
            raise await self._refused(fault, refused, received_at) from fault

    async def _refused(self, fault: Refused, refused: Rejection, received_at: datetime, hint: str = "") -> HttpProblem:
        """Set it aside; what its sender is told."""
        await self._set_aside([refused], received_at)
        problems = msgspec.to_builtins(fault.problems)
        return HttpProblem(400 if fault.malformed else 422, f"{fault}{hint}", extra={"problems": problems})

    async def _set_aside(self, rejected: list[Rejection], received_at: datetime) -> None:
        """What the sender is told has the words that came; what is kept is protected as an event is."""
        protection = self._protections.door
        kept = rejected
        if protection is not None:
            size = sum(len(one.raw) for one in rejected)
            kept = await self._protections.apart(size, lambda: [protection.of_rejection(one) for one in rejected])
        await self._quarantine.keep(kept, received_at)
