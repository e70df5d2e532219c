"""The measures that a programme declares, each with the place of its answers and the thresholds of rule S1."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from services.scoring.domain.status import Thresholds
from shared.metrics.known import metric_named
from shared.metrics.scales import scale_of
from shared.metrics.span import QUARTER
from shared.programme.model import Journey, Measure, Programme, Receiver, Touchpoint

_MARGIN = 2.0
_MARGIN_OF_DURATIONS = 0.05  # of the threshold


class MeasureKey(NamedTuple):
    """What tells a measure's state from all others; `stat` and `scale` are empty where the map names none."""

    journey: str
    major: int
    touchpoint: str
    metric: str
    stat: str
    scale: str
    window: int


class Declared(NamedTuple):
    """A measure on its map. `high`: high is good. `notify`: where its owner is told."""

    key: MeasureKey
    journey: Journey
    touchpoint: Touchpoint
    owner: str
    measure: Measure
    notify: tuple[Receiver, ...] = ()

    @property
    def high(self) -> bool:
        return metric_named(self.measure.metric).good == "high"

    @property
    def window(self) -> timedelta:
        return timedelta(seconds=self.measure.window)

    @property
    def short(self) -> timedelta | None:
        """A quarter of the window unless given, at least a quarter-hour; none where it would be the window itself."""
        given = self.measure.short
        short = timedelta(seconds=given) if given else max(self.window / 4, QUARTER)
        return short if short < self.window else None

    @property
    def thresholds(self) -> Thresholds:
        """In the space where high is good."""
        one, dwell = self.measure, self.measure.dwell
        red, yellow = (one.red_below, one.yellow_below) if self.high else (one.red_above, one.yellow_above)
        assert red is not None
        assert yellow is not None
        sign = 1 if self.high else -1
        margins = self._margin(yellow), self._margin(red)
        return Thresholds(sign * yellow, sign * red, *margins, dwell.worse, dwell.better)

    def _margin(self, threshold: float) -> float:
        if self.measure.margin is not None:
            return self.measure.margin
        return _MARGIN if self.high else _MARGIN_OF_DURATIONS * threshold


def declared(programme: Programme) -> Iterator[Declared]:
    """All measures, in the order of the maps."""
    receivers = {one.owner: one.notify for one in programme.owners}
    for journey in programme.journeys:
        for touchpoint in journey.touchpoints:
            moment = touchpoint.moment_of_truth
            for measure in moment.measures if moment else ():
                assert moment is not None
                key, notify = _key(journey, touchpoint, measure), receivers.get(moment.owner, ())
                yield Declared(key, journey, touchpoint, moment.owner, measure, notify)


def touchpoints(programme: Programme) -> dict[str, str]:
    """The names of all steps, by `journey/touchpoint`."""
    return {
        f"{journey.journey}/{one.touchpoint}": f"{one.name} ({journey.name})"
        for journey in programme.journeys
        for one in journey.touchpoints
    }


def _key(journey: Journey, touchpoint: Touchpoint, measure: Measure) -> MeasureKey:
    scale = scale_of(measure.metric, measure.scale).scale_id if measure.scale else ""
    name = touchpoint.touchpoint
    return MeasureKey(journey.journey, journey.major, name, measure.metric, measure.stat or "", scale, measure.window)
