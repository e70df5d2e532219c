"""A key that stands in for another one: both hold for a while, so that whoever uses it can change without a gap."""

import re
from datetime import datetime, timedelta
from itertools import count

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.http.kept_keys import KeptKey, KeyRefused, kept, store, unknown

_numbered = re.compile(r"(.+)\.(\d+)")


class Rotated(msgspec.Struct, frozen=True):
    """The new key and its name, and until when the old one holds."""

    key: str
    name: str
    old_until: datetime


async def rotate(
    connection: AsyncConnection, name: str, *, overlap: timedelta, expires_at: datetime | None = None
) -> Rotated:
    """Make a key that stands in for `name`, with its scope and quota; the old one expires after `overlap`.

    A name stands for one key for ever: the new one is `name.2`, the one after it `name.3`. Without `expires_at` it
    lives as long as the old one was made for. Raises KeyRefused.
    """
    await connection.execute(text("select 1 from voc.keys where name = :name for update"), {"name": name})
    keys = {key.name: key for key in await kept(connection)}
    moment: datetime = await connection.scalar(text("select now()"))
    old = keys.get(name)
    if old is None:
        raise unknown(name)
    _check(old, keys, moment)
    if expires_at is None and old.expires_at is not None:
        expires_at = moment + (old.expires_at - old.created_at)
    new, key = await _made(connection, old, expires_at)
    old_until = min(moment + overlap, old.expires_at or datetime.max.replace(tzinfo=moment.tzinfo))
    await connection.execute(
        text("update voc.keys set expires_at = :until where name = :name"), {"until": old_until, "name": name}
    )
    return Rotated(key, new, old_until)


def _check(old: KeptKey, keys: dict[str, KeptKey], moment: datetime) -> None:
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= moment):
        raise KeyRefused(f"The key {old.name!r} does not hold any more: make another one with `voc key create`.")
    successor = next((key.name for key in keys.values() if key.replaces == old.name), None)
    if successor is not None:
        raise KeyRefused(f"{successor!r} stands in for {old.name!r} already: rotate that one.")


async def _made(connection: AsyncConnection, old: KeptKey, expires_at: datetime | None) -> tuple[str, str]:
    stem, number = old.name, 1
    if old.replaces is not None and (found := _numbered.fullmatch(old.name)):
        stem, number = found[1], int(found[2])
    for after in count(number + 1):
        name = f"{stem}.{after}"
        key = await store(
            connection, name=name, scope=old.scope, expires_at=expires_at, quota=old.quota, replaces=old.name
        )
        if key is not None:
            return name, key
    raise AssertionError("numbers end")
