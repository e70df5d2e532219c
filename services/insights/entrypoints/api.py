"""The read API: what it consists of, and who may ask."""

from collections.abc import Mapping

from fastapi import APIRouter, FastAPI
from fastapi.responses import Response

from services.insights.domain.place import Missing
from services.insights.entrypoints import answer, customers, figures, journeys, trouble
from services.insights.entrypoints.observed import Observed
from services.insights.entrypoints.sources import Sources
from shared.http import health, problem
from shared.http.guarded import guarded
from shared.http.health import Check

DESCRIPTION = """What people and programs read of the voice of the customer. Every figure comes with its two-sided 95 %
interval and the number of answers behind it; percentages run 0–100, net scores −100…100, durations are seconds."""


def build(sources: Sources, checks: Mapping[str, Check]) -> FastAPI:
    """The application."""
    app = FastAPI(title="Insights", version="1", description=DESCRIPTION)
    problem.install(app)
    trouble.install(app)
    app.include_router(health.router(checks))
    for part in (journeys.router(sources), figures.router(sources), customers.router(sources), _rest()):
        app.include_router(part, dependencies=guarded(sources.keys, "read"))
    answer.describe(app)
    app.add_middleware(Observed)
    return app


def _rest() -> APIRouter:
    """All other addresses; it comes last."""
    routes = APIRouter(prefix="/v1")

    @routes.get("/{rest:path}", include_in_schema=False)
    async def nowhere(rest: str) -> Response:
        raise Missing(f"There is no /v1/{rest[:120]}; /docs lists what there is.")

    return routes
