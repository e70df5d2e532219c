"""How often each value was given, summed by PostgreSQL; figures are computed from it in the domain."""

from collections.abc import Iterable, Sequence

from services.insights.adapters.database import Database
from services.insights.domain.series import Series
from services.insights.domain.wanted import Wanted
from shared.metrics.most_answered import ByScale
from shared.programme.model import Journey


class Counted:
    """Scoring's counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_measures(self, journey: Journey, wanted: Sequence[Wanted]) -> list[ByScale]:
        """What those whose journey it is gave for each of its measures, in one round trip. Raises Unavailable."""
        if not wanted:
            return []
        async with self._database.reading() as reading:
            rows = await reading.ask(
                "counts_of_measures",
                journey=journey.journey,
                major=journey.major,
                perspective=journey.perspective,
                touchpoints=[one.touchpoint for one in wanted],
                metrics=[one.metric for one in wanted],
                firsts=[one.span.first for one in wanted],
                untils=[one.span.until for one in wanted],
            )
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


def _by_place(rows: Iterable[tuple[int, str, int, int]], places: int) -> list[ByScale]:
    """Rows of (place from 1 on, scale, value, n), sorted into their places."""
    found: list[dict[str, dict[int, int]]] = [{} for _ in range(places)]
    for place, scale_id, value, n in rows:
        found[place - 1].setdefault(scale_id, {})[value] = n
    return list(found)
