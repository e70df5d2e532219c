"""/v1/journeys/{journey}/touchpoints/{touchpoint}/metrics: one figure over a window, or a series of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from services.insights.domain import asked, figure_page, shapes
from services.insights.domain.place import Place, journey_of, place, programme_at
from services.insights.domain.series import Series
from services.insights.domain.standing import with_standing
from services.insights.entrypoints.answer import answer, described
from services.insights.entrypoints.sources import Sources

ADDRESS = "/journeys/{journey}/touchpoints/{touchpoint}/metrics"

_Name = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]


class Question(BaseModel):
    """Parameters. Any other one is refused: one that is misspelt would change the figure unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: _Name = Field(description="`csat`, `promise_kept`, `wait_seconds` …, or a metric of the company's own")
    stat: str | None = Field(None, description="p1 … p99 of a duration; p50 unless given")
    scale: str | None = Field(
        None,
        description="the ends of an answer's scale, as `1,5`; else that of the map's measure over the same window,"
        " else the most answered one",
    )
    perspective: Literal["customer", "employee", "partner"] | None = Field(
        None, description="whose answers, never mixed; those of the people whose journey it is, unless given"
    )
    persona: _Name | None = Field(None, description="customers of this persona only, `none`: those whom nobody knows")
    channel: _Name | None = Field(None, description="what was given in this channel only")
    window: str | None = Field(None, description="how far back, as `24h` or `7d`; `28d` unless given")
    as_of: str | None = Field(
        None,
        description="where the window ends, a date or an instant; now unless given. A quarter-hour"
        " that has begun by then counts whole",
    )
    from_: str | None = Field(
        None, alias="from", description="makes it a series: where it begins, a date or an instant"
    )
    to: str | None = Field(
        None, description="where the series ends, at the end of a quarter-hour that has begun; now unless given"
    )
    step: str | None = Field(None, description="`1h`, `1d`, `1w` (from Monday) or `1mo`; `1d` unless given")
    tz: str = Field("UTC", description="the zone in which days begin and dates are meant, as `Europe/Berlin`")

    @property
    def in_steps(self) -> bool:
        """Whether a series is asked for. Raises Unreadable where both are."""
        one = [name for name in ("window", "as_of") if getattr(self, name) is not None]
        many = [name.strip("_") for name in ("from_", "to", "step") if getattr(self, name) is not None]
        if one and many:
            raise asked.Unreadable(
                one[0], f"expected either window and as_of, or from, to and step, not also {many[0]}"
            )
        return bool(many)


def router(sources: Sources) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/v1", tags=["journeys"])

    @routes.get(
        ADDRESS,
        summary="One measure over a window, or its series in steps",
        description="Figures are of one major version of the journey's map: the one in force at the end of what is"
        " asked for. Steps without an answer are left out. A measure that the map declares has its thresholds, and"
        " up to now its status.",
        responses=described(shapes.Measure, shapes.Series, problems=(404, 422)),
    )
    async def metrics(journey: str, touchpoint: str, question: Annotated[Question, Query()]) -> Response:
        if question.in_steps:
            return answer(await _series(sources, journey, touchpoint, question))
        return answer(await _measure(sources, journey, touchpoint, question))

    return routes


async def _measure(sources: Sources, journey: str, touchpoint: str, question: Question) -> shapes.Measure:
    now = sources.clock()
    window = asked.window(question.window, question.as_of, question.tz, now=now)
    stat = asked.stat(question.metric, question.stat)
    found = place(sources.programmes.history, journey, touchpoint, at=window.as_of, now=now)
    series = _of(question, journey, found)
    (by_scale,) = await sources.counted.of_series(series, window.span)
    known = figure_page.declared_as(found, series, stat, window)
    shown = figure_page.measure(known, series, stat, window, by_scale)
    if known is None or question.as_of is not None:  # a status is that of now
        return shown
    declaring = journey_of(programme_at(sources.programmes.history, now), journey)
    decided = await sources.statuses.of([journey])
    return with_standing(shown, sources.judge(decided, now).of(declaring, touchpoint, known))


async def _series(sources: Sources, journey: str, touchpoint: str, question: Question) -> shapes.Series:
    now = sources.clock()
    steps = asked.steps(question.from_, question.to, question.step, question.tz, now=now)
    stat = asked.stat(question.metric, question.stat)
    found = place(sources.programmes.history, journey, touchpoint, at=steps.last_at, now=now)
    series = _of(question, journey, found)
    return figure_page.series(series, stat, steps.edges, await sources.counted.of_series(series, steps.edges))


def _of(question: Question, journey: str, found: Place) -> Series:
    return Series(
        journey,
        found.major,
        found.touchpoint.touchpoint,
        question.metric,
        perspective=question.perspective or found.perspective,
        scale_id=asked.scale_id(question.metric, question.scale),
        persona=question.persona,
        channel=question.channel,
    )
