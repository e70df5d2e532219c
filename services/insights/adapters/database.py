"""Asks PostgreSQL the questions of `sql/`, within a time, and says in one sentence why there is no answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.insights.adapters.sql import question
from shared.errors import Unavailable, first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

NOT_MADE_YET = ("3F000", "42P01")  # no such schema, no such table: scoring has not been here yet


class Reading:
    """A view of the database as it was when the first question was asked."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ask(self, name: str, **inputs: Any) -> Sequence[Any]:
        """The rows that answer the question in `sql/<name>.sql`."""
        return (await self._connection.execute(question(name), inputs)).all()


class Database:
    """Where questions are asked. Nothing is ever written."""

    def __init__(self, engine: AsyncEngine, *, within_seconds: float) -> None:
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._within_seconds = within_seconds

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """Questions that see the same moment. Raises Unavailable."""
        try:
            async with asyncio.timeout(self._within_seconds), self._engine.connect() as connection:
                yield Reading(connection)
        except AWAY as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> Exception:
        """What a failure means to whoever asked; a statement that is wrong is our fault and stays what it is."""
        if isinstance(error, TimeoutError):
            return Unavailable(f"PostgreSQL did not answer within {self._within_seconds:g} s.")
        if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in NOT_MADE_YET:
            return Unavailable("Scoring has not worked on this database yet: start it, or ask again in a moment.")
        if isinstance(error, ProgrammingError | DataError):
            return error
        log.warning("no-answer-from-postgresql", error=first_line(error))
        return Unavailable("PostgreSQL does not answer for the moment.")
