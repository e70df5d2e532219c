"""Scoring's tables, filled as scoring fills them: for figures over months, which nobody wants to wait for."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from pydantic import SecretStr

from services.insights.domain.series import Series
from shared.metrics.span import quarter_of
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from tests.road import fetch

ANSWERS = Series("order-to-door", 1, "parcel-arrives", "csat", scale_id="csat_1_5", persona="everyday", channel="")


async def make_tables(database_url: str) -> None:
    """The schema `scoring`, empty."""
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    try:
        await migrate(engine, "scoring", "services.scoring.migrations")
    finally:
        await engine.dispose()


async def count(database_url: str, series: Series, given: Iterable[tuple[datetime, int, int]]) -> None:
    """Add (when, value, how often) to a series, of which every field is given."""
    names = (series.journey, series.major, series.touchpoint, series.perspective, series.metric)
    found = await fetch(database_url, _SERIES, *names, series.scale_id, series.persona, series.channel)
    cells: Counter[tuple[int, int]] = Counter()
    for at, value, n in given:
        cells[quarter_of(at), value] += n
    rows = [(found[0]["series"], quarter, value, n) for (quarter, value), n in cells.items()]
    await fetch(database_url, _COUNTS, *map(list, zip(*rows, strict=True)))


_SERIES = """
insert into scoring.series (journey, major, touchpoint, perspective, metric, scale, persona, channel)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (journey, major, touchpoint, perspective, metric, scale, persona, channel) do update set major = $2
returning series
"""
_COUNTS = """
insert into scoring.counts (series, quarter, value, n)
select * from unnest($1::int[], $2::int[], $3::int[], $4::bigint[])
on conflict (series, quarter, value) do update set n = scoring.counts.n + excluded.n
"""
