"""The database that commands read and write the schema `voc` of: programmes and keys."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cli.stack_home import place
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
    except (DBAPIError, asyncpg.PostgresError, OSError, TimeoutError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unavailable(
            f"PostgreSQL at {engine.url.host}:{engine.url.port} does not answer ({reason}): {_advice()}"
        ) from error
    finally:
        await engine.dispose()


def _advice() -> str:
    """Where no address was given, and no stack runs that has one, another place was meant, or none yet."""
    if os.environ.get("VOC_DATABASE_URL"):
        return "start the local stack with `voc up`, or give the database's address in VOC_DATABASE_URL."
    return (
        f"no stack runs in {place()}. `voc up` starts one there, VOC_HOME names the folder of another one, and"
        " VOC_DATABASE_URL a database elsewhere."
    )
