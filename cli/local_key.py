"""Keys of the local stack's own: made when a command first needs one, kept below VOC_HOME for nobody else to read."""

import secrets

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from cli.database import database
from deploy.local.home import Home
from deploy.local.stack import write_secret
from shared.http import kept_keys
from shared.http.keys import Scope, digest


async def local_key(home: Home, scope: Scope) -> str:
    """The key for this scope; another one where the database does not know it (any more). Raises Unavailable."""
    path = home.folder("keys") / scope
    async with database("voc") as connection:
        if path.exists() and await _holds(connection, key := path.read_text().strip()):
            return key
        name = f"local-{scope}-{secrets.token_hex(3)}"
        key = await kept_keys.create(connection, name=name, scope=scope)
    write_secret(path, key.encode())
    return key


async def _holds(connection: AsyncConnection, key: str) -> bool:
    found = await connection.execute(
        text(
            "select 1 from voc.keys where digest = :digest"
            " and revoked_at is null and (expires_at is null or expires_at > now())"
        ),
        {"digest": digest(key)},
    )
    return found.first() is not None
