"""/v1/journeys: the maps, with the figures of their moments of truth."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.insights.domain import journey_page, shapes
from services.insights.domain.place import journey_of, programme_at
from services.insights.domain.wanted import wanted
from services.insights.entrypoints.answer import answer, described
from services.insights.entrypoints.sources import Sources


def router(sources: Sources) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["journeys"])

    @routes.get(
        "/journeys",
        summary="All journeys of the programme in force",
        responses=described(shapes.Journeys, problems=()),
    )
    async def journeys() -> Response:
        return answer(journey_page.listed(programme_at(sources.programmes.history, sources.clock())))

    @routes.get(
        "/journeys/{journey}",
        summary="A journey's map, with the measures of its moments of truth up to now",
        responses=described(shapes.Journey, problems=(404,)),
    )
    async def one(journey: str) -> Response:
        now = sources.clock()
        found = journey_of(programme_at(sources.programmes.history, now), journey)
        counted = await sources.counted.of_measures(found.journey, found.major, wanted(found, now))
        return answer(journey_page.page(found, counted))

    return routes
