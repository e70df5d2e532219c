"""How often each value was given, summed by PostgreSQL; figures are computed from it in the domain."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from services.insights.adapters.database import Database
from services.insights.domain.series import Series
from services.insights.domain.wanted import Wanted
from shared.metrics.most_answered import ByScale
from shared.metrics.segments import segments
from shared.metrics.span import Span
from shared.programme.model import Journey


class Counted:
    """Scoring's counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_measures(self, journey: Journey, wanted: Sequence[Wanted]) -> list[ByScale]:
        """What those whose journey it is gave for each of its measures, by days where they are summed (ADR 0011).

        Raises Unavailable.
        """
        if not wanted:
            return []
        of = {"journey": journey.journey, "major": journey.major, "perspective": journey.perspective}
        async with self._database.reading() as reading:
            (summed,) = await reading.ask("summed")
            parts = _parts(wanted, Span(summed.first, summed.until))
            rows = [
                *await reading.ask("counts_of_measures", **of, **_columns(parts), by_days=[p.by_day for p in parts])
            ]
            days = [part for part in parts if part.by_day]
            if days:
                rows += await reading.ask("late_of_measures", **of, **_columns(days))
        return _by_place(rows, len(wanted))

    async def of_series(self, series: Series, edges: Sequence[int]) -> list[ByScale]:
        """What was given in each step; `edges` are the quarter-hours that steps begin at and the one where the last
        ends. Raises Unavailable."""
        async with self._database.reading() as reading:
            rows = await reading.ask(
                "counts_of_series",
                journey=series.journey,
                major=series.major,
                touchpoint=series.touchpoint,
                perspective=series.perspective,
                metric=series.metric,
                scale=series.scale_id,
                persona=series.persona,
                channel=series.channel,
                first=edges[0],
                until=edges[-1],
                edges=list(edges),
            )
        return _by_place(rows, len(edges) - 1)


class _Part(NamedTuple):
    """A part of the window of the measure at `place`, of days or of quarter-hours."""

    place: int
    touchpoint: str
    metric: str
    first: int
    until: int
    by_day: bool


def _parts(wanted: Sequence[Wanted], summed: Span) -> list[_Part]:
    return [
        _Part(place, one.touchpoint, one.metric, *part)
        for place, one in enumerate(wanted, 1)
        for part in segments(one.span, summed)
    ]


def _columns(parts: Sequence[_Part]) -> dict[str, list[Any]]:
    return {
        "places": [part.place for part in parts],
        "touchpoints": [part.touchpoint for part in parts],
        "metrics": [part.metric for part in parts],
        "firsts": [part.first for part in parts],
        "untils": [part.until for part in parts],
    }


def _by_place(rows: Iterable[tuple[int, str, int, int]], places: int) -> list[ByScale]:
    """Rows of (place from 1 on, scale, value, n), added up in their places."""
    found: list[dict[str, dict[int, int]]] = [{} for _ in range(places)]
    for place, scale_id, value, n in rows:
        counts = found[place - 1].setdefault(scale_id, {})
        counts[value] = counts.get(value, 0) + n
    return list(found)
