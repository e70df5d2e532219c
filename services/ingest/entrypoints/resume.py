"""`POST /v1/sources/{source}/resume`: lets a bridge go on that was stopped because too much in a row made no event."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPBearer

from services.ingest.entrypoints.bridges import Bridges
from shared.http.keys import KeyRing, require
from shared.http.problem import HttpProblem
from shared.postgres.engine import AWAY

_KEY = "a key of the scope `admin`, made by `voc key create`"


def router(bridges: Bridges, ring: KeyRing) -> APIRouter:
    """The route; it wants a key of the scope `admin`."""
    routes = APIRouter(prefix="/v1/sources", tags=["sources"], dependencies=_may_ask(ring))

    @routes.post("/{source}/resume", summary="Let a stopped topic's source be read on")
    async def resume(source: str) -> dict[str, str]:
        """What comes next is judged anew: as many records in a row as before may make no event until it stops again."""
        try:
            resumed = await bridges.resume(source)
        except AWAY as away:
            raise HttpProblem(503, "PostgreSQL does not answer just now.", headers={"Retry-After": "2"}) from away
        if not resumed:
            raise HttpProblem(404, f"No source {source[:60]!r} is stopped; GET /v1/sources lists what there is.")
        return {"source": source, "state": "starting"}

    return routes


def _may_ask(ring: KeyRing) -> list[Any]:
    async def may_ask(request: Request) -> None:
        await require(request, ring, "admin")

    bearer = HTTPBearer(auto_error=False, scheme_name="admin", description=_KEY)
    return [Depends(bearer), Depends(may_ask)]
