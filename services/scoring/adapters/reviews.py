"""Whom a new version of the programme has not been asked about yet: how far everybody was looked at again (a row a
version), and who was left behind since, by history that came later."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


class Progress(NamedTuple):
    """About how many customers are `left` of a review that is begun; whether somebody waits who was `left_behind`."""

    left: int
    finished: bool
    left_behind: int


class Page:
    """The next customers of a review. `names` are to be locked, in order; `done` keeps that they were looked at."""

    def __init__(self, connection: AsyncConnection, programme: int, names: list[str], after: str | None) -> None:
        self._connection = connection
        self._programme = programme
        self._after = after
        self.names = names

    async def done(self, *, switched: int, last: bool) -> None:
        """Of all that a page writes the last: it is held shortly. `last`: there are no more pages."""
        if self._after is None:
            await self._connection.execute(text(_FORGET), {"names": self.names})
            return
        moved = {"programme": self._programme, "until": self.names[-1] if self.names else self._after}
        counted = {"reviewed": len(self.names), "switched": switched, "last": last}
        await self._connection.execute(text(_MOVE_ON), moved | counted)


class Reviews:
    """The tables, outside of a review's own transactions."""

    def __init__(self, engine: AsyncEngine, topic: str) -> None:
        self._engine = engine
        self._topic = topic

    async def progress(self, programme: int) -> Progress:
        """How far the review for a version is; begun where it was not."""
        async with self._engine.begin() as connection:
            found = (await connection.execute(text(_PROGRESS), {"programme": programme})).one_or_none()
            if found is None:
                await connection.execute(text(_BEGIN), {"programme": programme})
                found = (await connection.execute(text(_PROGRESS), {"programme": programme})).one()
            return Progress(*found)

    async def known_to_all(self) -> None:
        """Wait for who folds without having seen that a review is begun; they hold the offsets until they end."""
        async with self._engine.begin() as connection:
            await connection.execute(text(_OFFSETS), {"topic": self._topic})

    async def quiet_since(self, at: datetime) -> bool:
        """Whether no history has been applied since then."""
        async with self._engine.connect() as connection:
            return bool(await connection.scalar(text(_QUIET), {"topic": self._topic, "at": at}))


async def next_page(connection: AsyncConnection, programme: int, *, most: int, everybody: bool) -> Page | None:
    """The next page of everybody, or of those who were left behind; None where another process reviews."""
    if not await connection.scalar(text(_LEAD)):
        return None
    after: str | None = None
    if everybody:
        after = await connection.scalar(text(_AFTER), {"programme": programme})
    asked = {"after": after, "most": most} if everybody else {"most": most}
    rows = await connection.execute(text(_EVERYBODY if everybody else _LEFT_BEHIND), asked)
    return Page(connection, programme, [row.customer for row in rows], after)


LEAVE_BEHIND = "insert into scoring.left_behind select * from unnest($1::text::text[]) on conflict do nothing"
"""Of customers that the transaction holds: by history, they are where a version of before has left them."""

BEGUN = "select coalesce(max(programme), 0) from scoring.reviews"
"""The version of the newest review. Asked by a transaction that has moved the offsets on."""

_OFFSETS = "select from scoring.offsets where topic = :topic for share"
_PROGRESS = """
select greatest(0, customers - reviewed) as left, finished,
       (select count(*) from (select from scoring.left_behind limit 10000) waiting) as left_behind
from scoring.reviews where programme = :programme
"""
_BEGIN = """
insert into scoring.reviews (programme, customers) select :programme, count(*) from scoring.customers
on conflict do nothing
"""
_LEAD = "select pg_try_advisory_xact_lock(hashtext('scoring.reviews'))"
_AFTER = "select after from scoring.reviews where programme = :programme"
_EVERYBODY = "select customer from scoring.customers where customer > :after order by customer limit :most"
_LEFT_BEHIND = "select customer from scoring.left_behind order by customer limit :most"
_FORGET = "delete from scoring.left_behind where customer = any(cast(:names as text[]))"
_MOVE_ON = """
update scoring.reviews set after = :until, reviewed = reviewed + :reviewed, switched = switched + :switched,
    finished = :last
where programme = :programme
"""
_QUIET = "select coalesce(max(old_applied_at) <= :at, true) from scoring.offsets where topic = :topic"
