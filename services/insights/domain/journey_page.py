"""A journey's map with its figures, and how its moments of truth stand."""

from collections.abc import Iterator, Mapping, Sequence

from services.insights.domain import shapes
from services.insights.domain.estimate import figure
from services.insights.domain.experience import Given, experience, sum_of
from services.insights.domain.standing import Judge, with_standing
from services.insights.domain.wanted import declared, scale_id_of
from services.insights.domain.written import window_written
from shared.metrics.most_answered import ByScale
from shared.metrics.worst import worst
from shared.programme.model import Journey, Measure, Programme, Stage, Touchpoint


def listed(programme: Programme, judge: Judge) -> shapes.Journeys:
    """All journeys, in the programme's order."""
    return shapes.Journeys(items=[_item(journey, judge) for journey in programme.journeys])


def page(journey: Journey, counted: Sequence[ByScale], felt: Mapping[str, Given], judge: Judge) -> shapes.Journey:
    """The map; `counted` are the counts of its measures in the order of `wanted`, `felt` those of its steps'
    experience."""
    following = iter(counted)
    stages = [
        _stage(stage, [_touchpoint(journey, one, following, felt, judge) for one in stage.touchpoints], felt)
        for stage in journey.stages
    ]
    item = _item(journey, judge)
    return shapes.Journey(
        journey=item.journey,
        name=item.name,
        perspective=item.perspective,
        status=item.status,
        decided_by=item.decided_by,
        stale=item.stale,
        stages=stages,
        experience=experience(sum_of(felt.values())),
    )


def _item(journey: Journey, judge: Judge) -> shapes.JourneyItem:
    """The journey by the worst of its measures, which is the worst of its moments of truth."""
    stands = [
        (touchpoint.touchpoint, judge.of(journey, touchpoint.touchpoint, measure))
        for touchpoint in journey.touchpoints
        for measure in declared(touchpoint)
    ]
    place = worst([standing.status for _, standing in stands])
    return shapes.JourneyItem(
        journey=journey.journey,
        name=journey.name,
        perspective=journey.perspective,
        status="unknown" if place is None else stands[place][1].status,
        decided_by=None if place is None else stands[place][0],
        stale=any(standing.stale for _, standing in stands),
    )


def _stage(stage: Stage, touchpoints: list[shapes.Touchpoint], felt: Mapping[str, Given]) -> shapes.Stage:
    moments = [touchpoint for touchpoint in touchpoints if touchpoint.measures]
    place = worst([moment.status for moment in moments])
    return shapes.Stage(
        stage=stage.stage,
        name=stage.name,
        status="unknown" if place is None else moments[place].status,
        decided_by=None if place is None else moments[place].touchpoint,
        touchpoints=touchpoints,
        experience=experience(sum_of(felt[one.touchpoint] for one in touchpoints)),
    )


def _touchpoint(
    journey: Journey, touchpoint: Touchpoint, following: Iterator[ByScale], felt: Mapping[str, Given], judge: Judge
) -> shapes.Touchpoint:
    measures = [
        with_standing(measured(measure, next(following)), judge.of(journey, touchpoint.touchpoint, measure))
        for measure in declared(touchpoint)
    ]
    place = worst([measure.status for measure in measures])
    return shapes.Touchpoint(
        touchpoint=touchpoint.touchpoint,
        name=touchpoint.name,
        people=[shapes.Person(role=person.role, visible=person.visible) for person in touchpoint.people],
        channels=list(touchpoint.channels),
        promise=_promise(touchpoint),
        status="unknown" if place is None else measures[place].status,
        decided_at=judge.decided_at(journey, touchpoint.touchpoint),
        decided_by=None if place is None else _name(measures[place]),
        measures=measures,
        experience=experience(felt[touchpoint.touchpoint]),
    )


def _promise(touchpoint: Touchpoint) -> shapes.PromiseMade | None:
    made = touchpoint.promise
    if made is None:
        return None
    return shapes.PromiseMade(says=made.says, opened_by=made.opened_by, due=made.due, kept_by=made.kept_by)


def _name(measure: shapes.Measure) -> shapes.MeasureName:
    return shapes.MeasureName(metric=measure.metric, stat=measure.stat, window=measure.window)


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
