"""Schemas are brought to today's version: once, by one service at a time, wholly or not at all."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate

HEAD = 'from alembic import op\n\nrevision = "{revision}"\ndown_revision = {before}\n\n\ndef upgrade() -> None:\n'


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="migrate")
    async with engine.begin() as connection:
        for schema in ("voc", "scoring", "shelf"):
            await connection.execute(text(f"drop schema if exists {schema} cascade"))
    yield engine
    await engine.dispose()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> tuple[str, Path]:
    """A package of migrations that starts empty: its name and its folder `versions`."""
    name = f"shelf_{request.node.name}"
    versions = tmp_path / name / "versions"
    versions.mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return name, versions


def write(versions: Path, revision: str, before: str | None, *statements: str) -> None:
    head = HEAD.format(revision=revision, before=repr(before))
    body = "".join(f"    op.execute({statement!r})\n" for statement in statements)
    (versions / f"{revision}_step.py").write_text(head + body)


async def rows(engine: AsyncEngine, query: str) -> list[tuple[object, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def tables(engine: AsyncEngine, schema: str) -> set[object]:
    found = await rows(engine, f"select table_name from information_schema.tables where table_schema = '{schema}'")
    return {row[0] for row in found}


async def test_twice_is_once(engine: AsyncEngine) -> None:
    await migrate(engine, "voc", "shared.postgres.migrations")
    before = await rows(engine, "select oid from pg_class where relnamespace = 'voc'::regnamespace order by oid")
    await migrate(engine, "voc", "shared.postgres.migrations")
    assert before
    assert before == await rows(
        engine, "select oid from pg_class where relnamespace = 'voc'::regnamespace order by oid"
    )
    assert len(await rows(engine, "select * from voc.migrations")) == 1


async def test_services_that_start_at_once_do_not_meet(engine: AsyncEngine) -> None:
    packages = {"voc": "shared.postgres.migrations", "scoring": "services.scoring.migrations"}
    await asyncio.gather(*(migrate(engine, schema, package) for _ in range(3) for schema, package in packages.items()))
    for schema in packages:
        assert len(await rows(engine, f"select * from {schema}.migrations")) == 1
    assert "keys" in await tables(engine, "voc")
    assert "timeline" in await tables(engine, "scoring")


async def test_only_what_is_missing_is_applied(engine: AsyncEngine, shelf: tuple[str, Path]) -> None:
    package, versions = shelf
    write(versions, "0001", None, "create table shelf.books (id int)", "insert into shelf.books values (1)")
    await migrate(engine, "shelf", package)
    write(versions, "0002", "0001", "insert into shelf.books values (2)")
    await migrate(engine, "shelf", package)
    await migrate(engine, "shelf", package)
    assert await rows(engine, "select id from shelf.books order by id") == [(1,), (2,)]
    assert await rows(engine, "select version_num from shelf.migrations") == [("0002",)]


async def test_one_that_fails_leaves_nothing_behind(engine: AsyncEngine, shelf: tuple[str, Path]) -> None:
    package, versions = shelf
    write(versions, "0001", None, "create table shelf.books (id int)")
    write(versions, "0002", "0001", "create table shelf.half (id int)", "select 1 / 0")
    with pytest.raises(DBAPIError, match="division by zero"):
        await migrate(engine, "shelf", package)
    assert await tables(engine, "shelf") == set()
    write(versions, "0002", "0001", "create table shelf.whole (id int)")
    await migrate(engine, "shelf", package)
    assert await tables(engine, "shelf") == {"books", "whole", "migrations"}
