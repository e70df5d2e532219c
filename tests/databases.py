"""Databases that tests make for themselves."""

import asyncio
import time
from uuid import uuid4

import asyncpg
from sqlalchemy.engine import make_url

LONGEST = 20.0  # seconds


def create(server_url: str) -> str:
    """A new, empty database; its address."""
    name = f"test_{uuid4().hex}"
    asyncio.run(_execute(server_url, f"create database {name}"))
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop(server_url: str, database_url: str) -> None:
    """Away with it, whoever is connected."""
    asyncio.run(_drop(server_url, f"drop database {make_url(database_url).database} with (force)"))


async def _drop(server_url: str, statement: str) -> None:
    """Autovacuum may be at work in it, which only a superuser may end: it ends by itself."""
    deadline = time.monotonic() + LONGEST
    while True:
        try:
            return await _execute(server_url, statement)
        except asyncpg.InsufficientPrivilegeError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
