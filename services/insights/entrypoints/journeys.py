"""/v1/journeys: the maps, with the figures and statuses of their moments of truth."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.insights.domain import experience, journey_page, shapes
from services.insights.domain.place import journey_of, programme_at
from services.insights.domain.standing import Decided
from services.insights.domain.wanted import wanted
from services.insights.entrypoints.answer import answer, described
from services.insights.entrypoints.sources import Sources
from shared.errors import Unavailable
from shared.programme.model import Programme


def router(sources: Sources) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["journeys"])

    @routes.get(
        "/journeys",
        summary="All journeys of the programme in force, with their statuses",
        responses=described(shapes.Journeys, problems=()),
    )
    async def journeys() -> Response:
        now = sources.clock()
        programme = programme_at(sources.programmes.history, now)
        judge = sources.judge(await _decided(sources, programme), now)
        return answer(journey_page.listed(programme, judge))

    @routes.get(
        "/journeys/{journey}",
        summary="A journey's map, with the measures of its moments of truth up to now and how they stand",
        description="`experience` of a step, a stage and the journey are its three E's beside one another, over 28"
        " days: effectiveness, ease and enjoyment, with what was expected and what was promised.",
        responses=described(shapes.Journey, problems=(404,)),
    )
    async def one(journey: str) -> Response:
        now = sources.clock()
        found = journey_of(programme_at(sources.programmes.history, now), journey)
        measures, steps = wanted(found, now), experience.wanted(found, now)
        counted = await sources.counted.of_measures(found, [*measures, *steps])
        felt = experience.by_touchpoint(found, counted[len(measures) :])
        judge = sources.judge(await sources.statuses.of([found.journey]), now)
        return answer(journey_page.page(found, counted[: len(measures)], felt, judge))

    return routes


async def _decided(sources: Sources, programme: Programme) -> Decided:
    """What was decided; while PostgreSQL is away nothing is known, which the list says: it is stale, never green."""
    if not programme.journeys:
        return Decided()
    try:
        return await sources.statuses.of(journey.journey for journey in programme.journeys)
    except Unavailable:
        return Decided()
