"""`/v1/sources`: who may send, whether it can work, and what a payload would become."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from fastapi.security import HTTPBearer

from services.ingest.adapters.sources import Connection, Sources
from services.ingest.entrypoints.trial import Trial, tried
from shared.clock import Clock
from shared.http.keys import KeyRing, require
from shared.http.problem import HttpProblem

_KEY = "a key of the scope `admin`, made by `voc key create`"
_trial = msgspec.json.Decoder(Trial)
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


def router(sources: Sources, ring: KeyRing, clock: Clock, *, public_url: str) -> APIRouter:
    """The routes; each wants a key of the scope `admin`."""
    routes = APIRouter(prefix="/v1/sources", tags=["sources"], dependencies=_may_ask(ring))

    @routes.get("", summary="The programme's sources: how each comes in, and whether it can")
    async def list_sources() -> Response:
        items = [_line(connection, public_url) for connection in sources.all()]
        return _json({"items": items, "next": None})

    @routes.post("/test", summary="What a payload would become; nothing is sent", openapi_extra=_BODY)
    async def test_source(request: Request) -> Response:
        try:
            trial = _trial.decode(await request.body())
        except msgspec.DecodeError as error:
            raise HttpProblem(422, f"Expected {{source, body, headers}}: {error}") from error
        return _json(msgspec.to_builtins(tried(trial, sources, clock)))

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
    }


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _may_ask(ring: KeyRing) -> list[Any]:
    async def may_ask(request: Request) -> None:
        await require(request, ring, "admin")

    return [Depends(HTTPBearer(auto_error=False, scheme_name="admin", description=_KEY)), Depends(may_ask)]
