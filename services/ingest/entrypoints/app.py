"""What FastAPI answers: health, metrics, the quarantine, and the page that describes the door."""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from services.ingest.domain.wanted import Unreadable
from services.ingest.entrypoints import openapi
from services.ingest.settings import Settings
from shared.errors import Unavailable
from shared.http import health, problem
from shared.http.health import Check


def build(checks: dict[str, Check], settings: Settings, routers: Iterable[APIRouter] = ()) -> FastAPI:
    """The application behind the door. `routers` look for a key themselves."""
    app = FastAPI(title="Ingest", description="The only door in: events go in here, and come out as figures.")
    problem.install(app)
    app.add_exception_handler(Unreadable, _unreadable)
    app.add_exception_handler(Unavailable, _unavailable)
    app.include_router(health.router(checks))
    for router in routers:
        app.include_router(router)
    openapi.describe(app, settings)
    return app


async def _unreadable(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Unreadable)
    extra = {"problems": [{"path": error.path, "message": error.message}]}
    return Response(problem.body_of(422, str(error), extra), 422, media_type=problem.MEDIA_TYPE)


async def _unavailable(_request: Request, error: Exception) -> Response:
    return Response(problem.body_of(503, str(error)), 503, headers={"Retry-After": "2"}, media_type=problem.MEDIA_TYPE)
