"""Brings a schema to the version of this release. Each service does so for its own schema when it starts."""

from importlib.resources import files
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

_LOCK = 0x766F63  # "voc": services that start at once migrate one after the other


async def migrate(engine: AsyncEngine, schema: str, package: str) -> None:
    """Apply the missing migrations of `package` (its folder `versions`) to `schema`, in one transaction."""
    async with engine.begin() as connection:
        await connection.execute(text(f"select pg_advisory_xact_lock({_LOCK})"))
        # Asked first: a session may remember from before the lock that there is none; looking at the table mends it.
        known = text("select true from pg_namespace where nspname = :schema")
        if not await connection.scalar(known, {"schema": schema}):
            await connection.execute(text(f'create schema if not exists "{schema}"'))
        await connection.run_sync(_upgrade, schema, Path(str(files(package))))


def _upgrade(connection: Connection, schema: str, folder: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder))
    scripts = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, scripts, fn=lambda revision, _: scripts._upgrade_revs("head", revision)) as context:
        context.configure(connection=connection, version_table_schema=schema, version_table="migrations")
        context.run_migrations()
