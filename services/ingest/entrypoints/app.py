"""What FastAPI answers: health, metrics and the page of the door."""

from fastapi import FastAPI

from shared.http import health, problem
from shared.http.health import Check


def build(checks: dict[str, Check]) -> FastAPI:
    """The application behind the door."""
    app = FastAPI(title="Ingest", description="The door that events come in by.")
    problem.install(app)
    app.include_router(health.router(checks))
    return app
