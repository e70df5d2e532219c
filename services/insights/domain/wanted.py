"""The measures that a journey's map declares, each with the window that ends now."""

from datetime import datetime
from typing import NamedTuple

from shared.metrics.scales import scale_of
from shared.metrics.span import Span, window
from shared.programme.model import Journey, Measure, Touchpoint


class Wanted(NamedTuple):
    """A figure to be computed."""

    touchpoint: str
    metric: str
    span: Span


def wanted(journey: Journey, now: datetime) -> list[Wanted]:
    """What is to be counted for a journey's page, in the order in which the page shows it."""
    return [
        Wanted(touchpoint.touchpoint, measure.metric, window(now, measure.window))
        for touchpoint in journey.touchpoints
        for measure in declared(touchpoint)
    ]


def declared(touchpoint: Touchpoint) -> tuple[Measure, ...]:
    """The measures of a touchpoint; one that is no moment of truth has none."""
    return touchpoint.moment_of_truth.measures if touchpoint.moment_of_truth else ()


def scale_id_of(measure: Measure) -> str | None:
    """The scale that a measure is declared on; None where it names none."""
    return None if measure.scale is None else scale_of(measure.metric, measure.scale).scale_id
