"""Scoring's door: health and metrics only."""

from fastapi import FastAPI

from shared.http import health, problem
from shared.http.health import Check


def build(checks: dict[str, Check]) -> FastAPI:
    """The application."""
    app = FastAPI(title="Scoring", description="Health and metrics of one scoring process.")
    problem.install(app)
    app.include_router(health.router(checks))
    return app
