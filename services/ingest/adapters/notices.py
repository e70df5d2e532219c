"""What waits to be fetched (`ingest.notices`): accepted with a 202, so it is on disk before that is said."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import Notice

LEASE_SECONDS = 120  # longer than all of a notice's requests may take
KEPT_DAYS = 7  # an ended one is known so long, as long as any provider repeats a delivery

Carried = tuple[tuple[str, bytes], ...]


class Kept(msgspec.Struct, frozen=True):
    """The delivery that a notice came in, as far as the quarantine would need it."""

    delivery: Delivery
    carried: list[tuple[str, bytes]]


class Waiting(NamedTuple):
    """A notice that is due, claimed for `LEASE_SECONDS`.

    It is asked for since `age`, or since its replay; since `absent` the API says that it is not there, None if it never
    said so.
    """

    id: int
    source: str
    said: Any
    kept: Kept
    received_at: datetime
    tries: int
    age: timedelta
    absent: timedelta | None


class Notices:
    """The table. Its clock is PostgreSQL's."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, source: str, notices: list[Notice], delivery: Delivery, carried: Carried) -> None:
        """Store them; one that is known already is left as it is, but one that was set aside is begun anew.

        Of the delivery nothing is stored that could sign in: its address may hold the token.
        """
        bare = msgspec.structs.replace(
            delivery, token=None, url="", headers={"content-type": delivery.headers.get("content-type", "")}
        )
        kept = msgspec.json.encode(Kept(bare, list(carried)))
        rows = [
            {
                "source": source,
                "notice": one.id,
                "said": msgspec.json.encode(one.said).decode(),
                "delivery": kept,
                "received_at": delivery.received_at,
            }
            for one in notices
        ]
        async with self._engine.begin() as connection:
            await connection.execute(text(_ADD), rows)

    async def claim(self, *, besides: Collection[str]) -> Waiting | None:
        """One that is due, of no source in `besides`; nobody else gets it before the lease is over."""
        async with self._engine.begin() as connection:
            found = await connection.execute(text(_CLAIM), {"besides": list(besides), "lease": LEASE_SECONDS})
            row = found.one_or_none()
        if row is None:
            return None
        kept = _kept.decode(bytes(row.delivery))
        return Waiting(row.id, row.source, row.said, kept, row.received_at, row.tries, row.age, row.absent)

    async def later(self, one: Waiting, seconds: float, says: str, *, absent: bool) -> None:
        """Ask again then, because `says`; `absent` if that is that it is not there."""
        said = {"id": one.id, "seconds": seconds, "says": says[:500], "absent": absent}
        async with self._engine.begin() as connection:
            await connection.execute(text(_LATER), said)

    async def end(self, one: Waiting, says: str = "") -> None:
        """It was fetched, or set aside because `says`; what was said in it is forgotten."""
        async with self._engine.begin() as connection:
            await connection.execute(text(_END), {"id": one.id, "says": says[:500]})

    async def sweep(self) -> int:
        """Forget those that ended long ago; how many wait."""
        async with self._engine.begin() as connection:
            await connection.execute(text(_SWEEP), {"days": KEPT_DAYS})
            waiting: int = (await connection.execute(text(_WAITING))).scalar_one()
            return waiting


_kept = msgspec.json.Decoder(Kept)

_ADD = """
insert into ingest.notices (source, notice, said, delivery, received_at)
values (:source, :notice, cast(:said as jsonb), :delivery, :received_at)
on conflict (source, notice) do update
set said = excluded.said, delivery = excluded.delivery, received_at = excluded.received_at,
    begun_at = now(), absent_at = null, next_at = now(), tries = 0, says = '', ended_at = null
where notices.ended_at is not null and notices.says <> ''
"""
_CLAIM = """
update ingest.notices set next_at = now() + make_interval(secs => :lease), tries = tries + 1
where id = (
    select id from ingest.notices
    where ended_at is null and next_at <= now() and source <> all(cast(:besides as text[]))
    order by next_at limit 1 for update skip locked
)
returning id, source, said, delivery, received_at, tries, now() - begun_at as age, now() - absent_at as absent
"""
_LATER = """
update ingest.notices set next_at = now() + make_interval(secs => :seconds), says = :says,
    absent_at = case when :absent then coalesce(absent_at, now()) else absent_at end
where id = :id
"""
_END = "update ingest.notices set ended_at = now(), says = :says, said = null, delivery = null where id = :id"
_SWEEP = "delete from ingest.notices where ended_at < now() - make_interval(days => :days)"
_WAITING = "select count(*) from ingest.notices where ended_at is null"
