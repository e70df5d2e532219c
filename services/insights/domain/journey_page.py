"""A journey's map with its figures."""

from collections.abc import Iterator, Sequence

from services.insights.domain import shapes
from services.insights.domain.estimate import figure
from services.insights.domain.wanted import declared, scale_id_of
from services.insights.domain.written import window_written
from shared.metrics.most_answered import ByScale
from shared.programme.model import Journey, Measure, Programme, Touchpoint


def listed(programme: Programme) -> shapes.Journeys:
    """All journeys, in the programme's order."""
    return shapes.Journeys(
        items=[shapes.JourneyItem(journey=journey.journey, name=journey.name) for journey in programme.journeys]
    )


def page(journey: Journey, counted: Sequence[ByScale]) -> shapes.Journey:
    """The map; `counted` are the counts of its measures in the order of `wanted`."""
    following = iter(counted)
    return shapes.Journey(
        journey=journey.journey,
        name=journey.name,
        stages=[
            shapes.Stage(
                stage=stage.stage, touchpoints=[_touchpoint(touchpoint, following) for touchpoint in stage.touchpoints]
            )
            for stage in journey.stages
        ],
    )


def _touchpoint(touchpoint: Touchpoint, following: Iterator[ByScale]) -> shapes.Touchpoint:
    promise = touchpoint.promise
    return shapes.Touchpoint(
        touchpoint=touchpoint.touchpoint,
        name=touchpoint.name,
        people=[shapes.Person(role=person.role, visible=person.visible) for person in touchpoint.people],
        channels=list(touchpoint.channels),
        promise=None
        if promise is None
        else shapes.PromiseMade(
            says=promise.says, opened_by=promise.opened_by, due=promise.due, kept_by=promise.kept_by
        ),
        measures=[measured(measure, next(following)) for measure in declared(touchpoint)],
    )


def measured(measure: Measure, by_scale: ByScale) -> shapes.Measure:
    """A declared measure with its figure."""
    value, low, high, n = figure(measure.metric, measure.stat, scale_id_of(measure), by_scale)
    return shapes.Measure(
        metric=measure.metric,
        stat=measure.stat,
        value=value,
        low=low,
        high=high,
        n=n,
        window=window_written(measure.window),
        red_below=measure.red_below,
        yellow_below=measure.yellow_below,
        red_above=measure.red_above,
        yellow_above=measure.yellow_above,
    )
