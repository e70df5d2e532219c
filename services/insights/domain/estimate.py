"""From counts by scale to the figure that is shown."""

from collections.abc import Mapping
from typing import NamedTuple

from shared.metrics.counts import Counts, given
from shared.metrics.headline import headline
from shared.metrics.known import metric_named
from shared.metrics.scales import scale_named

ByScale = Mapping[str, Counts]
"""{scale_id: {value: how often}}"""


class Figure(NamedTuple):
    """In percent, points or seconds, with its 95 % interval. No answers are no value, never 0."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


def figure(metric: str, stat: str | None, scale_id: str | None, by_scale: ByScale) -> Figure:
    """The figure on `scale_id`, or on the scale that most answers were given on.

    Scales are never mixed (domain.md R11). Raises UnknownStat.
    """
    chosen = scale_id or most_answered(metric, by_scale)
    found = None if chosen is None else headline(metric, chosen, by_scale.get(chosen, {}), stat)
    return Figure() if found is None else Figure(found.value, found.low, found.high, found.n)


def most_answered(metric: str, by_scale: ByScale) -> str | None:
    """The scale with the most answers; of several the usual one, else the first by name. None without answers."""
    answers = {scale_id: sum(given(counts).values()) for scale_id, counts in by_scale.items()}
    ranked = sorted((-n, not _usual(metric, scale_id), scale_id) for scale_id, n in answers.items() if n)
    return ranked[0][2] if ranked else None


def _usual(metric: str, scale_id: str) -> bool:
    return metric_named(metric).kind != "answer" or scale_named(metric, scale_id).usual
