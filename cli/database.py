"""The database that commands read and write the schema `voc` of: programmes and keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.errors import Unavailable
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate


@asynccontextmanager
async def database(command: str) -> AsyncIterator[AsyncConnection]:
    """A transaction on the database, the schema `voc` made where it is missing. Raises Unavailable.

    `command` is the name that `pg_stat_activity` shows.
    """
    async with database_engine(command) as engine, engine.begin() as connection:
        yield connection


@asynccontextmanager
async def database_engine(command: str) -> AsyncIterator[AsyncEngine]:
    """The same for whoever needs several transactions."""
    engine = connect(DatabaseSettings(), application=command)
    try:
        await migrate(engine, "voc", "shared.postgres.migrations")
        yield engine
    except (DBAPIError, OSError, TimeoutError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unavailable(
            f"PostgreSQL at {engine.url.host}:{engine.url.port} does not answer ({reason}):"
            " start the local stack with `voc up`, or give the database's address in VOC_DATABASE_URL."
        ) from error
    finally:
        await engine.dispose()
