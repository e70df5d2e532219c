"""From counts by scale to the figure that is shown."""

from collections.abc import Sequence
from typing import NamedTuple

from shared.metrics.counts import merge
from shared.metrics.headline import headline
from shared.metrics.most_answered import ByScale, most_answered


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


def together(parts: Sequence[ByScale]) -> ByScale:
    """The sum of the parts, scale by scale."""
    names = {name for part in parts for name in part}
    return {name: merge(part.get(name, {}) for part in parts) for name in names}
