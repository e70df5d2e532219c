"""The keys in the database: made, listed, revoked. A key itself is told once, to whoever makes it."""

from datetime import datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import VocError
from shared.http.keys import Scope, digest, new_key
from shared.http.quota import Quota

LONGEST_NAME = 100
SENDS = ("ingest", "admin")  # the scopes that send events, which is what a quota counts


class KeyRefused(VocError):
    """A key cannot be made, rotated or revoked; the sentence says what to do."""


class KeptKey(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a key. One without `revoked_at` holds until `expires_at`, for ever where there is none."""

    name: str
    scope: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    replaces: str | None
    rate: float | None
    burst: int | None

    @property
    def quota(self) -> Quota | None:
        """How much it may send; None: as much as it likes."""
        return None if self.rate is None or self.burst is None else Quota(self.rate, self.burst)


async def create(
    connection: AsyncConnection,
    *,
    name: str,
    scope: Scope,
    expires_at: datetime | None = None,
    quota: Quota | None = None,
) -> str:
    """Make a key and return it; only its digest is stored. Raises KeyRefused.

    A name stands for one key for ever, so that a log which mentions it can be read later: a revoked one stays taken.
    """
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise KeyRefused(f"{name!r} is no name for a key: expected 1 to {LONGEST_NAME} characters that can be printed.")
    if quota is not None and scope not in SENDS:
        raise KeyRefused(f"A rate counts the events that a key sends: it goes with the scope {' or '.join(SENDS)}.")
    key = await store(connection, name=name, scope=scope, expires_at=expires_at, quota=quota)
    if key is None:
        raise KeyRefused(
            f"There is a key {name!r} already, or was one that is revoked now, and a key cannot be shown again:"
            " make one that stands in for it with `voc key rotate`, or one under another name."
        )
    return key


async def store(
    connection: AsyncConnection,
    *,
    name: str,
    scope: str,
    expires_at: datetime | None,
    quota: Quota | None,
    replaces: str | None = None,
) -> str | None:
    """Store the digest of a new key and return the key; None where the name is taken."""
    key = new_key()
    made = await connection.execute(
        text(
            "insert into voc.keys (name, scope, digest, expires_at, rate, burst, replaces)"
            " values (:name, :scope, :digest, :expires_at, :rate, :burst, :replaces)"
            " on conflict (name) do nothing returning id"
        ),
        {
            "name": name,
            "scope": scope,
            "digest": digest(key),
            "expires_at": expires_at,
            "rate": quota and quota.rate,
            "burst": quota and quota.burst,
            "replaces": replaces,
        },
    )
    return None if made.first() is None else key


async def kept(connection: AsyncConnection) -> list[KeptKey]:
    """All keys, revoked ones among them, in the order in which they were made."""
    rows = await connection.execute(text(f"select {', '.join(KeptKey.__struct_fields__)} from voc.keys order by id"))
    return [KeptKey(**row) for row in rows.mappings()]


async def revoke(connection: AsyncConnection, name: str) -> None:
    """Let a key hold no longer; services forget it within five seconds. Raises KeyRefused for an unknown name."""
    found = await connection.execute(
        text("update voc.keys set revoked_at = coalesce(revoked_at, now()) where name = :name"), {"name": name}
    )
    if not found.rowcount:
        raise unknown(name)


def unknown(name: str) -> KeyRefused:
    """There is no key of that name."""
    return KeyRefused(f"There is no key {name!r}; `voc key list` shows those there are.")
