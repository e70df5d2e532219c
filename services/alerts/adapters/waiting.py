"""How much waits, and for how long: one question for the metrics."""

from datetime import datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerts.domain.conversation import WAITING


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """`by_state` has each state in which a delivery waits; `untold_episodes` are red and nobody has heard of them."""

    by_state: dict[str, int]
    oldest_queued_at: datetime | None
    open_episodes: int
    untold_episodes: int
    troubles: int
    broken_receivers: int


class Waiting:
    """Asks the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def overview(self, *, untold_since: datetime) -> Overview:
        """`untold_since`: an episode that was noticed later has time yet. Raises one of `AWAY`."""
        async with self._engine.connect() as connection:
            states = (await connection.execute(text(_STATES))).all()
            rest = (await connection.execute(text(_REST), {"since": untold_since})).one()
        return Overview(
            by_state={state.value: 0 for state in WAITING} | {row.state: row.n for row in states},
            oldest_queued_at=min((row.oldest for row in states), default=None),
            **rest._mapping,
        )


_STATES = """
select state, count(*) as n, min(queued_at) as oldest from alerts.deliveries
where state in ('queued', 'claimed', 'sending', 'unclear') group by state
"""
_REST = """
select
    (select count(*) from alerts.episodes where closed_at is null) as open_episodes,
    (select count(*) from alerts.episodes e where closed_at is null and noticed_at <= :since and not exists (
        select from alerts.conversations c where c.thread = e.id and c.root is not null
    )) as untold_episodes,
    (select count(*) from alerts.troubles where over_at is null) as troubles,
    (select count(*) from alerts.broken_receivers) as broken_receivers
"""
