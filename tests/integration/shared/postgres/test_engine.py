"""Sessions that cannot hang, on a real PostgreSQL."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.errors import VocError
from shared.postgres import silence
from shared.postgres.check import answers
from shared.postgres.engine import BOUNDED, DatabaseSettings, connect, refuses_value


def engine_of(url: str, *, bounded: bool = True, **query: str) -> AsyncEngine:
    address = make_url(url).update_query_dict(query).render_as_string(hide_password=False)
    return connect(DatabaseSettings(url=SecretStr(address)), application="engine", bounded=bounded)


@pytest.fixture(scope="module")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_of(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("create table kept (id int primary key, n int)"))
        await connection.execute(text("insert into kept values (1, 0)"))
    yield engine
    await engine.dispose()


async def settings_of(engine: AsyncEngine) -> dict[str, str]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("select name, current_setting(name) as value from pg_settings"))
        return {row.name: row.value for row in rows}


async def test_a_bounded_session_has_every_bound_and_its_name(engine: AsyncEngine) -> None:
    found = await settings_of(engine)
    assert {name: found[name] for name in BOUNDED} == BOUNDED
    assert found["application_name"] == "engine"


async def test_an_unbounded_one_has_the_servers(database_url: str) -> None:
    unbounded = engine_of(database_url, bounded=False)
    found = await settings_of(unbounded)
    await unbounded.dispose()
    timeouts = [name for name in BOUNDED if name.endswith("_timeout")]
    assert {found[name] for name in timeouts} == {"0"}


@pytest.mark.parametrize(
    ("statement", "values", "refused"),
    [
        ("select cast(:a as text)", {"a": "\0"}, True),
        ("select cast(:a as int)", {"a": "seven"}, True),
        ("insert into kept values (1, :a)", {"a": 0}, True),
        ("select * from not_there", {}, False),
    ],
)
async def test_a_value_that_is_refused_is_told_from_what_passes(
    engine: AsyncEngine, statement: str, values: dict[str, Any], refused: bool
) -> None:
    with pytest.raises(DBAPIError) as error:
        async with engine.begin() as connection:
            await connection.execute(text(statement), values)
    assert refuses_value(error.value) is refused
    assert not refuses_value(OSError("away"))


async def test_a_session_that_hangs_inside_its_transaction_gives_its_locks_up(engine: AsyncEngine) -> None:
    async with engine.connect() as frozen:
        await frozen.execute(text("update kept set n = n + 100 where id = 1"))
        async with asyncio.timeout(30), engine.begin() as successor:  # and it does nothing more, as if frozen
            await successor.execute(text("update kept set n = n + 1 where id = 1"))
        with pytest.raises(DBAPIError) as woken:
            await frozen.execute(text("select 1"))
        assert woken.value.connection_invalidated
    async with engine.connect() as connection:
        assert (await connection.execute(text("select n from kept"))).scalar() == 1
    assert await answers(engine) is None, "the pool has thrown the dead session away"


async def test_a_server_without_tls_is_not_spoken_to_by_whoever_wants_it(database_url: str) -> None:
    async with engine_of(database_url, bounded=False).connect() as connection:
        if (await connection.execute(text("show ssl"))).scalar() == "on":
            return
    wanting = engine_of(database_url, sslmode="require")
    with pytest.raises(Exception, match="SSL"):
        async with wanting.connect():
            pass
    easy = engine_of(database_url, sslmode="prefer")
    assert await answers(easy) is None
    await easy.dispose()


async def test_a_certificate_authority_reaches_the_driver(database_url: str, tmp_path: Path) -> None:
    authority = tmp_path / "authority.crt"
    authority.write_text("no certificate")
    wanting = engine_of(database_url, sslmode="verify-full", sslrootcert=str(authority))
    with pytest.raises(OSError, match="NO_CERTIFICATE_OR_CRL_FOUND"):
        async with wanting.connect():
            pass
    await wanting.dispose()


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
async def test_easy_modes_of_tls_are_spoken(database_url: str, mode: str) -> None:
    easy = engine_of(database_url, sslmode=mode)
    assert await answers(easy) is None
    await easy.dispose()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sslmode=perhaps", "sslmode=perhaps: it is one of disable"),
        ("pool=3", "the parameter pool"),
        ("sslmode=verify-full&sslrootcert=/nobody.crt", "names /nobody.crt for sslrootcert"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_a_sentence(query: str, said: str) -> None:
    with pytest.raises(VocError, match=said):
        engine_of(f"postgresql://voc@127.0.0.1:1/voc?{query}")


async def test_the_clients_own_socket_notices_a_server_that_is_gone(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        wire = driver._transport.get_extra_info("socket")
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == silence.PROBES


async def test_a_statement_is_not_waited_for_longer_than_the_setting_says(database_url: str) -> None:
    settings = DatabaseSettings(url=SecretStr(database_url), answer_seconds=0.5)
    impatient = connect(settings, application="engine")
    async with impatient.connect() as connection:
        with pytest.raises(TimeoutError):
            await connection.execute(text("select pg_sleep(60)"))
    assert await answers(impatient) is None
    await impatient.dispose()
