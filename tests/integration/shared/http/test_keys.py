"""Keys in a real PostgreSQL and the ring that keeps them in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import SecretStr
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.http import problem
from shared.http.held_key import HeldKey, load
from shared.http.kept_keys import create, kept, revoke
from shared.http.keys import UNKNOWN_SECONDS, KeyRing, KeysAway, Scope, require
from shared.postgres.engine import AWAY, DatabaseSettings, connect
from shared.postgres.migrate import migrate
from tests.parts import postgres_address


async def opened(url: str) -> AsyncEngine:
    engine = connect(DatabaseSettings(url=SecretStr(url)), application="keys")
    await migrate(engine, "voc", "shared.postgres.migrations")
    return engine


@pytest.fixture(scope="module")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = await opened(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def asked(engine: AsyncEngine) -> list[str]:
    """Every look at the keys, from here on."""
    looks: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "from voc.keys" in statement:
            looks.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    return looks


async def made(engine: AsyncEngine, name: str, scope: Scope = "ingest", **more: Any) -> str:
    async with engine.begin() as connection:
        return await create(connection, name=name, scope=scope, **more)


def scope(key: HeldKey | None) -> str | None:
    return None if key is None else key.scope


async def test_a_key_that_was_made_has_its_scope(engine: AsyncEngine) -> None:
    key, ring = await made(engine, "first", "read"), KeyRing(engine)
    await ring.refresh()
    assert ring.loaded
    for header in (f"Bearer {key}", f"bearer {key}", f"BEARER  {key} "):
        assert scope(await ring.find(header)) == "read"
    assert scope(ring.known(f"Bearer {key}")) == "read"
    assert ring.known(f"bearer {key}") is ring.known(f"Bearer  {key}") is None, "one way to write it is remembered"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dm9j", "KEY", "Bearer\tKEY"])
async def test_what_is_no_bearer_token_asks_nobody(engine: AsyncEngine, asked: list[str], header: str) -> None:
    assert await KeyRing(engine).find(header.replace("KEY", "voc_key")) is None
    assert not asked


async def test_a_revoked_key_is_forgotten_with_the_next_refresh(engine: AsyncEngine) -> None:
    key, stays = await made(engine, "leaver"), await made(engine, "stayer")
    ring = KeyRing(engine)
    assert scope(await ring.find(f"Bearer {key}")) == scope(await ring.find(f"Bearer {stays}")) == "ingest"
    async with engine.begin() as connection:
        await revoke(connection, "leaver")
    await ring.refresh()
    assert ring.known(f"Bearer {key}") is None
    assert await ring.find(f"Bearer {key}") is None
    assert scope(await ring.find(f"Bearer {stays}")) == "ingest"


async def test_what_was_read_earlier_does_not_bring_back_what_was_revoked(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, ring = await made(engine, "double"), KeyRing(engine)
    read, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(connection: AsyncConnection) -> dict[bytes, HeldKey]:
        found = await load(connection)
        if not read.is_set():
            read.set()
            await go_on.wait()
        return found

    monkeypatch.setattr("shared.http.keys.load", slowly)
    earlier = asyncio.create_task(ring.refresh())
    await read.wait()
    async with engine.begin() as connection:
        await revoke(connection, "double")
    later = asyncio.create_task(ring.refresh())
    await asyncio.wait([later], timeout=0.3)
    go_on.set()
    await asyncio.gather(earlier, later)
    assert await ring.find(f"Bearer {key}") is None


async def test_a_key_expires_by_itself_whatever_was_kept_of_it(engine: AsyncEngine, asked: list[str]) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    key, ring = await made(engine, "guest", "read", expires_at=soon), KeyRing(engine)
    assert scope(await ring.find(f"Bearer {key}")) == scope(ring.known(f"Bearer {key}")) == "read"
    await asyncio.sleep((soon - datetime.now(UTC)).total_seconds() + 0.01)
    asked.clear()
    assert ring.known(f"Bearer {key}") is None
    answer = await ask(ring, f"Bearer {key}")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert f"The key 'guest' has expired at {soon:%Y-%m-%d %H:%M} UTC" in answer.json()["detail"]
    assert not asked, "so it ends while the database is away too"
    await ring.refresh()
    assert (await ask(ring, f"Bearer {key}")).status_code == 401


async def test_use_is_written_down_and_headers_are_looked_up_anew(engine: AsyncEngine, asked: list[str]) -> None:
    key, ring = await made(engine, "busy"), KeyRing(engine)
    await made(engine, "idle")
    await ring.find(f"Bearer {key}")
    asked.clear()
    await ring.note_use()
    assert ring.known(f"Bearer {key}") is None
    assert scope(await ring.find(f"Bearer {key}")) == "ingest"
    assert not asked, "it is looked up in memory"
    async with engine.connect() as connection:
        used = {one.name: one.last_used_at for one in await kept(connection)}
    assert used["idle"] is None
    assert used["busy"] is not None
    assert datetime.now(UTC) - used["busy"] < timedelta(minutes=1)


async def test_keys_that_nobody_knows_ask_rarely_whoever_sends_them(engine: AsyncEngine, asked: list[str]) -> None:
    ring = KeyRing(engine)
    await ring.refresh()
    asked.clear()
    found = await asyncio.gather(*(ring.find(f"Bearer voc_{number}") for number in range(300)))
    assert set(found) == {None}
    assert len(asked) == 1
    await asyncio.sleep(UNKNOWN_SECONDS)
    key = await made(engine, "newcomer")
    assert scope(await ring.find(f"Bearer {key}")) == "ingest"
    assert len(asked) == 2
    await ring.find(f"Bearer {key}")
    assert len(asked) == 2, "a known key asks nobody"


async def test_a_database_that_hangs_is_not_waited_for_and_keys_come_when_it_answers(engine: AsyncEngine) -> None:
    known, ring = await made(engine, "known"), KeyRing(engine)
    await ring.refresh()
    fresh = asyncio.create_task(ring.keep_fresh())
    async with engine.connect() as holder:
        await holder.execute(text("lock table voc.keys in access exclusive mode"))
        async with asyncio.timeout(30):
            with pytest.raises(KeysAway):
                await ring.find("Bearer voc_unknown")
            assert scope(await ring.find(f"Bearer {known}")) == "ingest"
        await holder.rollback()
    assert not fresh.done(), "refreshing goes on whatever happens"
    key = await made(engine, "after")
    for _ in range(20):
        with suppress(KeysAway):
            if await ring.find(f"Bearer {key}") is not None:
                break
        await asyncio.sleep(UNKNOWN_SECONDS)
    assert scope(ring.known(f"Bearer {key}")) == "ingest"
    fresh.cancel()


async def test_while_the_database_is_away_the_keys_of_before_hold(workshop: Path) -> None:
    with postgres_address(workshop / "away") as url:
        engine = await opened(url)
        key = await made(engine, "shop")
        ring = KeyRing(engine)
        await ring.refresh()
    with pytest.raises(AWAY):
        await ring.refresh()
    fresh = asyncio.create_task(ring.keep_fresh())
    assert scope(await ring.find(f"Bearer {key}")) == "ingest"
    assert ring.loaded
    unknown = await asyncio.gather(*(ask(ring, f"Bearer voc_{n}") for n in range(3)))
    assert [(one.status_code, one.headers["retry-after"]) for one in unknown] == [(503, "2")] * 3
    assert (await ask(ring, None)).status_code == 401, "whoever sends no key needs one in any case"
    assert not fresh.done()
    fresh.cancel()
    await engine.dispose()


async def ask(ring: KeyRing, header: str | None) -> httpx.Response:
    app = FastAPI()
    problem.install(app)

    @app.get("/figures")
    async def figures(request: Request) -> bool:
        await require(request, ring, "read")
        return True

    headers = {} if header is None else {"Authorization": header}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        return await client.get("/figures", headers=headers)


async def test_a_route_lets_in_whom_it_should(engine: AsyncEngine) -> None:
    ring = KeyRing(engine)
    await ring.refresh()
    reader, sender = await made(engine, "reader", "read"), await made(engine, "sender", "ingest")
    admin = await made(engine, "root", "admin")
    assert (await ask(ring, f"Bearer {reader}")).status_code == 200
    assert (await ask(ring, f"Bearer {admin}")).status_code == 200
    forbidden = await ask(ring, f"Bearer {sender}")
    assert forbidden.status_code == 403
    assert forbidden.json()["detail"] == "This key has the scope ingest; this needs read."
    for header in (None, "Bearer voc_nobodys", "Basic dm9j"):
        unknown = await ask(ring, header)
        assert (unknown.status_code, unknown.headers["www-authenticate"]) == (401, "Bearer")
        assert "voc key create" in unknown.json()["detail"]


async def test_before_the_keys_are_loaded_nobody_is_told_that_his_key_is_bad() -> None:
    nowhere = connect(DatabaseSettings(url=SecretStr("postgresql://voc@127.0.0.1:1/voc")), application="keys")
    answer = await ask(KeyRing(nowhere), "Bearer voc_somebodys")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
