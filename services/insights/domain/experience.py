"""The three E's beside one another, with what was expected and what was promised (domain.md §§2.3, 2.8)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from services.insights.domain import shapes
from services.insights.domain.estimate import Figure, figure, together
from services.insights.domain.wanted import Wanted
from services.insights.domain.written import window_written
from shared.metrics import three_e
from shared.metrics.independent import independent
from shared.metrics.most_answered import ByScale, most_answered
from shared.metrics.span import window
from shared.programme.durations import SECONDS
from shared.programme.model import Journey

WINDOW = 28 * SECONDS["d"]
METRICS = (*three_e.E, three_e.METRIC, "expectation", "promise_kept")

Given = Mapping[str, ByScale]
"""What was given for each of `METRICS`."""


def wanted(journey: Journey, now: datetime) -> list[Wanted]:
    """What is to be counted for it, at every step of the map: touchpoint by touchpoint, metric by metric."""
    span = window(now, WINDOW)
    return [Wanted(one.touchpoint, metric, span) for one in journey.touchpoints for metric in METRICS]


def by_touchpoint(journey: Journey, counted: Sequence[ByScale]) -> dict[str, Given]:
    """The counts of `wanted`, sorted to their steps."""
    following = iter(counted)
    return {one.touchpoint: {metric: next(following) for metric in METRICS} for one in journey.touchpoints}


def sum_of(steps: Iterable[Given]) -> Given:
    """What was given at several steps."""
    parts = list(steps)
    return {metric: together([part[metric] for part in parts]) for metric in METRICS}


def experience(given: Given) -> shapes.Experience | None:
    """None where none of it was given."""
    figures = {metric: figure(metric, None, None, given[metric]) for metric in METRICS}
    if not any(found.n for found in figures.values()):
        return None
    return shapes.Experience(
        window=window_written(WINDOW),
        effectiveness=_shown(figures["effectiveness"]),
        ease=_shown(figures["ease"]),
        enjoyment=_shown(figures["enjoyment"]),
        three_e=_index(figures[three_e.METRIC], given),
        expectation=_shown(figures["expectation"]),
        promise_kept=_shown(figures["promise_kept"]),
    )


def _index(of_respondents: Figure, given: Given) -> shapes.Index:
    """Of those who answered all three; where nobody did, of the three by themselves."""
    if of_respondents.n:
        return shapes.Index(**of_respondents._asdict(), independent=False)
    chosen = {metric: most_answered(metric, given[metric]) for metric in three_e.E}
    found = independent({metric: (scale, given[metric][scale]) for metric, scale in chosen.items() if scale})
    if found is None:
        return shapes.Index(**Figure()._asdict(), independent=False)
    return shapes.Index(**msgspec.structs.asdict(found), independent=True)


def _shown(found: Figure) -> shapes.Figure:
    return shapes.Figure(**found._asdict())
