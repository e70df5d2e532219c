"""`/v1/sources`: who may send, whether it can work, and what a payload would become."""

from collections.abc import Awaitable
from typing import Any, TypeVar

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.ingest.adapters.sources import Connection, Sources
from services.ingest.domain.bridge_state import BridgeState
from services.ingest.entrypoints.bounded import bounded
from services.ingest.entrypoints.bridges import Bridges
from services.ingest.entrypoints.record_trial import tried_record
from services.ingest.entrypoints.trial import Trial, tried
from services.ingest.settings import Settings
from shared.clock import Clock
from shared.http.guarded import guarded
from shared.http.keys import KeyRing
from shared.http.problem import HttpProblem
from shared.postgres.engine import AWAY
from shared.programme.jmes import ExpressionInvalid

T = TypeVar("T")

_trial = msgspec.json.Decoder(Trial)
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


def router(sources: Sources, bridges: Bridges, ring: KeyRing, clock: Clock, settings: Settings) -> APIRouter:
    """The routes; each wants a key of the scope `admin`."""
    public_url, most_bytes = settings.public_url, settings.ingest_most_bytes
    routes = APIRouter(prefix="/v1/sources", tags=["sources"], dependencies=guarded(ring, "admin", named="admin"))

    @routes.get("", summary="The programme's sources: how each comes in, and whether it can")
    async def list_sources() -> Response:
        items = [_line(connection, public_url) for connection in sources.all()]
        items += [_topic(state) for state in await _answered(bridges.status())]
        return _json({"items": items, "next": None})

    @routes.post("/test", summary="What a payload would become; nothing is sent", openapi_extra=_BODY)
    async def test_source(request: Request) -> Response:
        try:
            trial = _trial.decode(await bounded(request, 2 * most_bytes, "try a smaller payload."))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise HttpProblem(422, f"Expected {{source, body, headers}} as JSON: {error}") from error
        source = bridges.connected().get(trial.source) if isinstance(trial.source, str) else trial.source
        if source is not None and source.topic is not None:
            return _json(tried_record(trial, source, clock, most_bytes=most_bytes))
        try:
            return _json(tried(trial, sources, clock))
        except ExpressionInvalid as error:
            raise HttpProblem(422, f"An expression of the source cannot be read: {error}") from error

    @routes.post("/{source}/resume", summary="Let a stopped topic's source be read on")
    async def resume(source: str) -> dict[str, str]:
        """What comes next is judged anew: as many records in a row as before may make no event until it stops again."""
        if not await _answered(bridges.resume(source)):
            raise HttpProblem(404, f"No source {source[:60]!r} is stopped; GET /v1/sources lists what there is.")
        return {"source": source, "state": "starting"}

    return routes


def _line(connection: Connection, public_url: str) -> dict[str, Any]:
    source = connection.source
    return {
        "source": source.source,
        "kind": "webhook",
        "provider": source.provider,
        "url": f"{public_url.rstrip('/')}/v1/webhooks/{source.source}",
        "proven_by": "signature" if connection.signed else "token",
        "ready": connection.missing is None,
        "missing": connection.missing,
        "absent": connection.absent,
    }


def _topic(state: BridgeState) -> dict[str, Any]:
    ready = state.state == "reading"
    return {"kind": "topic", "ready": ready, "missing": None, **msgspec.to_builtins(state)}


async def _answered(question: Awaitable[T]) -> T:
    try:
        return await question
    except AWAY as away:
        raise HttpProblem(503, "PostgreSQL does not answer just now.", headers={"Retry-After": "2"}) from away


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
