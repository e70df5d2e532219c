"""The keys in the database: made, listed, revoked. A key itself is told once, to whoever makes it."""

from datetime import datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import VocError
from shared.http.keys import Scope, digest, new_key

LONGEST_NAME = 100


class KeyRefused(VocError):
    """A key cannot be made or revoked; the sentence says what to do."""


class KeptKey(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a key. One without `revoked_at` holds."""

    name: str
    scope: str
    created_at: datetime
    revoked_at: datetime | None


async def create(connection: AsyncConnection, *, name: str, scope: Scope) -> str:
    """Make a key and return it; only its digest is stored. Raises KeyRefused.

    A name stands for one key for ever, so that a log which mentions it can be read later: a revoked one stays taken.
    """
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise KeyRefused(f"{name!r} is no name for a key: expected 1 to {LONGEST_NAME} characters that can be printed.")
    key = new_key()
    made = await connection.execute(
        text(
            "insert into voc.keys (name, scope, digest) values (:name, :scope, :digest)"
            " on conflict (name) do nothing returning id"
        ),
        {"name": name, "scope": scope, "digest": digest(key)},
    )
    if made.first() is None:
        raise KeyRefused(
            f"There is a key {name!r} already, or was one that is revoked now, and a key cannot be shown again:"
            " make one under another name, hand it out, then revoke the old one with `voc key revoke`."
        )
    return key


async def kept(connection: AsyncConnection) -> list[KeptKey]:
    """All keys, revoked ones among them, in the order in which they were made."""
    rows = await connection.execute(text("select name, scope, created_at, revoked_at from voc.keys order by id"))
    return [KeptKey(**row) for row in rows.mappings()]


async def revoke(connection: AsyncConnection, name: str) -> None:
    """Let a key hold no longer; services forget it within `REFRESH_SECONDS`. Raises KeyRefused for an unknown name."""
    found = await connection.execute(
        text("update voc.keys set revoked_at = coalesce(revoked_at, now()) where name = :name"), {"name": name}
    )
    if not found.rowcount:
        raise KeyRefused(f"There is no key {name!r}; `voc key list` shows those there are.")
