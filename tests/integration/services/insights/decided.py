"""Scoring's statuses, as an evaluator writes them: for decisions that nobody wants to wait for."""

from datetime import datetime

import msgspec

from services.scoring.domain.standing import MomentStanding, Standing
from services.scoring.domain.status import State
from shared.programme.model import Journey, Measure
from tests.road import execute


async def decide(database_url: str, journey: Journey, touchpoint: str, **statuses: str) -> None:
    """A status, now, for each measure of a moment of truth, by its metric; the moment has the last."""
    moment = next(one.moment_of_truth for one in journey.touchpoints if one.touchpoint == touchpoint)
    assert moment is not None
    at = datetime.now().astimezone()
    for measure in moment.measures:
        standing = Standing(state=State(status=statuses[measure.metric]), since=at, looked_at=at, initial=True)
        await put(database_url, journey, touchpoint, measure, standing)
    stands = MomentStanding(major=journey.major, status=[*statuses.values()][-1], since=at, decided_at=at, owner="o")
    await execute(database_url, _MOMENT, journey.journey, touchpoint, msgspec.json.encode(stands).decode())


async def put(database_url: str, journey: Journey, touchpoint: str, measure: Measure, standing: Standing) -> None:
    """How one measure stands."""
    key = (journey.journey, journey.major, touchpoint, measure.metric, measure.stat or "", "", measure.window)
    await execute(database_url, _MEASURE, *key, msgspec.json.encode(standing).decode())


async def beat(database_url: str, at: datetime) -> None:
    """When an evaluator has looked last."""
    await execute(database_url, _BEAT, at)


_MEASURE = """
insert into scoring.measures (journey, major, touchpoint, metric, stat, scale, "window", standing)
values ($1, $2, $3, $4, $5, $6, $7, cast($8 as text)::jsonb)
on conflict (journey, major, touchpoint, metric, stat, scale, "window") do update set standing = excluded.standing
"""
_MOMENT = """
insert into scoring.moments (journey, touchpoint, standing) values ($1, $2, cast($3 as text)::jsonb)
on conflict (journey, touchpoint) do update set standing = excluded.standing
"""
_BEAT = "insert into scoring.beat (at) values ($1) on conflict (single) do update set at = excluded.at"
