"""The quarantine's index, as it is asked, replayed and dismissed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.ingest.adapters import quarantined_sql as sql
from services.ingest.adapters.troubles import lasting
from services.ingest.domain.failing import KIND
from services.ingest.domain.kept import Kept, read
from services.ingest.domain.quarantine_page import Failing, Group, Item, Items, Summary, Whole, readable
from services.ingest.domain.wanted import Filter, Selection
from shared.errors import Unavailable, first_line
from shared.events.refusal import Problem, Refused
from shared.postgres.engine import AWAY, refuses_value

_problems = msgspec.json.Decoder(list[Problem]).decode
_headers = msgspec.json.Decoder(list[tuple[str, str]]).decode


class Taken(NamedTuple):
    """A chunk of what is to be replayed: those that are ours for a while, how many are others', where it goes on."""

    rows: list[tuple[int, Kept]]
    busy: int
    next: int | None
    left: int


class Quarantined:
    """Each method is one question or one change; all raise Unavailable without a database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def page(self, wanted: Filter, *, before: int | None, limit: int) -> Items:
        """The newest first."""
        async with self._connected() as connection:
            values = {**_values(wanted, None), "before": before, "limit": limit}
            rows = (await connection.execute(text(sql.LIST), values)).all()
        last = str(rows[-1].id) if len(rows) == limit else None
        return Items([Item(**row._mapping) for row in rows], last)

    async def one(self, id: int) -> Whole | None:
        """With its bytes."""
        async with self._connected() as connection:
            row = (await connection.execute(text(sql.ONE), {"id": id})).first()
        return None if row is None else _whole(row)

    async def summary(self) -> Summary:
        """Counts by source, door and kind."""
        async with self._connected() as connection:
            rows = (await connection.execute(text(sql.GROUPS))).all()
            waiting = await connection.scalar(text(sql.WAITING))
            failing = await lasting(connection, KIND)
        return Summary(
            waiting or 0,
            [Group(**row._mapping) for row in rows],
            [Failing(one.trouble, one.what, one.since, one.says) for one in failing.values()],
        )

    async def take(self, wanted: Selection, *, after: int, lease: bool) -> Taken:
        """The next chunk, in the order in which they came. Leased, nobody else takes them for half a minute."""
        statements = sql.chosen(by_ids=wanted.ids is not None)
        async with self._connected() as connection:
            values = {**_values(wanted.filter, wanted.ids), "after": after}
            picked = (await connection.execute(text(statements.pick), values)).all()
            ids = [row.id for row in picked]
            statement = sql.LEASE if lease else sql.LOOK
            rows = (await connection.execute(text(statement), {"ids": ids})).all()
            left = await connection.scalar(text(statements.left), {**values, "after": ids[-1] if ids else after})
        kept = sorted(((row.id, _kept(row)) for row in rows), key=lambda one: one[0])
        return Taken(kept, len(ids) - len(kept), ids[-1] if ids and left else None, left or 0)

    async def settle(self, went: Sequence[int], refused: dict[int, list[Problem]], *, began_at: datetime) -> None:
        """Note what came of it: `began_at` is from before anything was published, so what comes back is later."""
        async with self._connected() as connection:
            await connection.execute(text(sql.WENT), {"ids": list(went), "at": began_at})
            if refused:
                said = [{"id": id, "at": began_at, "why": str(Refused(why))[:2000]} for id, why in refused.items()]
                await connection.execute(text(sql.REFUSED), said)

    async def free(self, ids: Sequence[int]) -> None:
        """Give free what was leased and not tried."""
        async with self._connected() as connection:
            await connection.execute(text(sql.FREE), {"ids": list(ids)})

    async def dismiss(self, wanted: Selection, *, at: datetime) -> int:
        """Nobody will replay these; how many, of those that wait, they are."""
        values = {**_values(wanted.filter, wanted.ids), "at": at}
        statements = sql.chosen(by_ids=wanted.ids is not None)
        async with self._connected() as connection:
            if wanted.dry_run:
                return await connection.scalar(text(statements.every), values) or 0
            return int((await connection.execute(text(statements.dismiss), values)).rowcount)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except AWAY as error:
            if refuses_value(error):
                raise  # of no use to wait for
            raise Unavailable(f"PostgreSQL does not answer just now: {first_line(error)}") from error


def _values(wanted: Filter | None, ids: Sequence[int] | None) -> dict[str, Any]:
    found = wanted or Filter()
    part = None if found.reason is None else "%" + "".join(f"\\{c}" if c in "\\%_" else c for c in found.reason) + "%"
    return {
        "ids": None if ids is None else list(ids),
        "source": found.source,
        "door": found.door,
        "state": found.state,
        "kind": found.reason,
        "reason": part,
        "since": found.since,
        "until": found.until,
    }


def _kept(row: Row[Any]) -> Kept:
    names = ("door", "source", "origin", "reason", "kind", "content_type", "authentic", "first_seen")
    return Kept(
        **{name: getattr(row, name) for name in names},
        problems=_problems(row.problems),
        value=bytes(row.value),
        headers=read(_headers(row.headers)),
    )


def _whole(row: Row[Any]) -> Whole:
    body, base64 = readable(bytes(row.value))
    headers = [(name, readable(value)) for name, value in read(_headers(row.headers))]
    return Whole(
        **{name: getattr(row, name) for name in Item.__struct_fields__},
        problems=_problems(row.problems),
        headers=[(name, found if found is not None else f"base64:{coded}") for name, (found, coded) in headers],
        text=body,
        base64=base64,
    )
