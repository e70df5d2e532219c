"""What FastAPI answers: health, metrics, and the page that describes the door."""

from fastapi import FastAPI

from services.ingest.entrypoints import openapi
from services.ingest.settings import Settings
from shared.http import health, problem
from shared.http.health import Check


def build(checks: dict[str, Check], settings: Settings) -> FastAPI:
    """The application behind the door."""
    app = FastAPI(title="Ingest", description="The only door in: events go in here, and come out as figures.")
    problem.install(app)
    app.include_router(health.router(checks))
    openapi.describe(app, settings)
    return app
