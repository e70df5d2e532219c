"""What FastAPI answers: health, metrics, and the page that describes the door."""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI

from services.ingest.entrypoints import openapi
from services.ingest.settings import Settings
from shared.http import health, problem
from shared.http.health import Check


def build(checks: dict[str, Check], settings: Settings, routers: Iterable[APIRouter] = ()) -> FastAPI:
    """The application behind the door. `routers` look for a key themselves."""
    app = FastAPI(title="Ingest", description="The only door in: events go in here, and come out as figures.")
    problem.install(app)
    app.include_router(health.router(checks))
    for router in routers:
        app.include_router(router)
    openapi.describe(app, settings)
    return app
