"""Reads episodes, cases and deliveries for the API."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.alerts.adapters import answers_sql
from services.alerts.domain import shapes
from services.alerts.domain.asked import Cursor, written
from services.alerts.domain.episode import Episode
from shared.errors import Unavailable, first_line
from shared.events.told.case import CaseOpened
from shared.postgres.engine import AWAY

_episode = msgspec.json.Decoder(Episode).decode
_case = msgspec.json.Decoder(CaseOpened).decode


class Answers:
    """Each method is one question; all raise Unavailable without a database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def episodes(self, *, limit: int, after: Cursor | None, **asked: Any) -> shapes.Page:
        """Newest first; `asked` may have journey, touchpoint, open."""
        async with self._reading() as connection:
            values = {"id": None, "journey": None, "touchpoint": None, "open": None, "limit": limit, **asked}
            values |= {"after_at": after and after.instant, "after_id": after and after.uuid}
            rows = (await connection.execute(text(answers_sql.EPISODES), values)).all()
            said = await self._about(connection, [row.id for row in rows])
            items = [_of_episode(row, said.get(row.id, [])) for row in rows]
            return shapes.Page(items=items, next=_next(rows, limit))

    async def episode(self, id: UUID) -> shapes.Episode | None:
        """One, with all that was said of it."""
        page = await self.episodes(limit=1, after=None, id=id)
        return page.items[0] if page.items else None

    async def cases(self, *, limit: int, after: Cursor | None, **asked: Any) -> shapes.Page:
        """Newest first; `asked` may have customer, owner."""
        async with self._reading() as connection:
            values = {"customer": None, "owner": None, "limit": limit, **asked}
            values |= {"after_at": after and after.instant, "after_id": after and after.id}
            rows = (await connection.execute(text(answers_sql.CASES), values)).all()
            said = await self._about(connection, [row.thread for row in rows])
            items = [_of_case(row, said.get(row.thread, [])) for row in rows]
            return shapes.Page(items=items, next=_next(rows, limit))

    async def deliveries(self, *, limit: int, after: Cursor | None, **asked: Any) -> shapes.Page:
        """Newest first; `asked` may have state, channel."""
        async with self._reading() as connection:
            values = {"threads": None, "state": None, "channel": None, "limit": limit, **asked}
            values |= {"before": after and after.position}
            rows = (await connection.execute(text(answers_sql.DELIVERIES), values)).all()
            items = await self._with_attempts(connection, rows)
            last = str(rows[-1].position) if len(rows) == limit else None
            return shapes.Page(items=items, next=written(Cursor("", last)) if last else None)

    async def _about(self, connection: AsyncConnection, threads: list[UUID]) -> dict[UUID, list[shapes.Delivery]]:
        """All of them: a cap would say of the oldest that nobody was told."""
        values = {"threads": threads, "state": None, "channel": None, "before": None, "limit": None}
        rows = (await connection.execute(text(answers_sql.DELIVERIES), values)).all() if threads else []
        found: dict[UUID, list[shapes.Delivery]] = {}
        for one in reversed(await self._with_attempts(connection, rows)):
            found.setdefault(one.thread, []).append(one)
        return found

    @staticmethod
    async def _with_attempts(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[shapes.Delivery]:
        tries: dict[UUID, list[shapes.Attempt]] = {}
        for row in await connection.execute(text(answers_sql.ATTEMPTS), {"ids": [row.id for row in rows]}):
            values = {name: getattr(row, name) for name in shapes.Attempt.__struct_fields__}
            tries.setdefault(row.delivery, []).append(shapes.Attempt(**values))
        return [_of_delivery(row, tries.get(row.id, [])) for row in rows]

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield connection
        except AWAY as error:
            raise Unavailable(f"PostgreSQL does not answer just now: {first_line(error)}") from error


def _next(rows: Sequence[Row[Any]], limit: int) -> str | None:
    if len(rows) < limit:
        return None
    return written(Cursor(rows[-1].opened_at.isoformat(), str(rows[-1].id)))


def _of_episode(row: Row[Any], deliveries: list[shapes.Delivery]) -> shapes.Episode:
    known = _episode(row.document)
    return shapes.Episode(
        id=known.id,
        journey=known.journey,
        touchpoint=known.touchpoint,
        status=known.latest.status,
        initial=known.initial,
        opened_at=known.opened_at,
        closed_at=known.closed_at,
        closed_because=known.closing.value if known.closing else None,
        acknowledged_by=None,
        evidence=known.latest,
        opened_by=known.opened,
        deliveries=deliveries,
    )


def _of_case(row: Row[Any], deliveries: list[shapes.Delivery]) -> shapes.Case:
    return shapes.Case(
        id=row.id,
        owner=row.owner,
        customer=row.customer,
        opened_at=row.opened_at,
        reply_by=row.reply_by,
        case=_case(row.document),
        deliveries=deliveries,
    )


def _of_delivery(row: Row[Any], attempts: list[shapes.Attempt]) -> shapes.Delivery:
    names = ("id", "about", "thread", "channel", "kind", "edit", "reason", "state", "queued_at", "done_at", "due_at")
    values = {name: getattr(row, name) for name in (*names, "tries", "reference", "answer")}
    return shapes.Delivery(to=row.address, attempts=attempts, **values)
