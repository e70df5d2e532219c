"""Keys that tests come through the doors with."""

from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from shared.http.kept_keys import create
from shared.http.keys import Scope
from shared.postgres.engine import DatabaseSettings, connect


async def make_key(database_url: str, scope: Scope, **limits: Any) -> str:
    """A new key of that scope, with what else `create` takes; the schema `voc` is there."""
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    try:
        async with engine.begin() as connection:
            return await create(connection, name=f"tests-{scope}-{uuid4().hex}", scope=scope, **limits)
    finally:
        await engine.dispose()
