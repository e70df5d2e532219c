"""Versions of the programme in PostgreSQL (`voc.programme_versions`): added, never changed."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import VocError
from shared.programme.history import Version
from shared.programme.major import with_majors
from shared.programme.model import Programme

CHANNEL = "voc_programme"
"""Notified with the new version's id when a programme is applied."""

_decode = msgspec.json.Decoder(Programme).decode


@dataclass(frozen=True)
class Applied:
    """What came of applying: `changed` is False where the programme was the same already."""

    version: Version
    changed: bool


class NotLater(VocError):
    """A version would begin before one that is there, and what was decided by that one would no longer be true."""


async def apply(
    connection: AsyncConnection, programme: Programme, *, now: datetime, from_at: datetime | None = None
) -> Applied:
    """Store `programme` as the version that holds from `from_at` (default `now`); the first holds since ever.

    The caller commits. Raises NotLater. Two that apply at once do so one after the other.
    """
    # Exclusive of readers too: a folding transaction reads this table first and holds it to its end, so that none which
    # began with the versions of before is committed after the new one.
    await connection.execute(text("lock table voc.programme_versions in access exclusive mode"))
    before = await versions(connection)
    programme = with_majors(programme, [version.programme for version in before])
    document = encode(programme)
    digest = sha256(document).hexdigest()
    if before and before[-1].digest == digest:
        return Applied(before[-1], changed=False)
    valid_from = _valid_from(before, from_at or now)
    version_id = await _insert(connection, valid_from, now, document, digest)
    return Applied(Version(version_id, valid_from, now, digest, programme), changed=True)


async def versions(connection: AsyncConnection) -> tuple[Version, ...]:
    """All versions, in the order in which they begin to hold."""
    rows = await connection.execute(
        text(
            "select id, valid_from, applied_at, digest, document::text as document from voc.programme_versions"
            " order by valid_from nulls first"
        )
    )
    return tuple(_version(row) for row in rows)


async def newest(connection: AsyncConnection) -> int | None:
    """The id of the version applied last: cheap enough to ask every few seconds."""
    found: int | None = await connection.scalar(text("select max(id) from voc.programme_versions"))
    return found


def encode(programme: Programme) -> bytes:
    """The stored form; equal programmes give equal bytes."""
    return msgspec.json.encode(programme, order="deterministic")


def _valid_from(before: tuple[Version, ...], from_at: datetime) -> datetime | None:
    if not before:
        return None
    last = before[-1].valid_from
    if last is not None and from_at <= last:
        raise NotLater(
            f"A version must begin after the one before it: version {before[-1].id} holds from {last.isoformat()},"
            f" this one would from {from_at.isoformat()}. Give a later --from."
        )
    return from_at


async def _insert(
    connection: AsyncConnection, valid_from: datetime | None, now: datetime, document: bytes, digest: str
) -> int:
    statement = text(
        "insert into voc.programme_versions (valid_from, applied_at, document, digest)"
        " values (:valid_from, :applied_at, cast(:document as jsonb), :digest) returning id"
    )
    values = {"valid_from": valid_from, "applied_at": now, "document": document.decode(), "digest": digest}
    version_id: int = (await connection.execute(statement, values)).scalar_one()
    await connection.execute(text("select pg_notify(:channel, :id)"), {"channel": CHANNEL, "id": str(version_id)})
    return version_id


def _version(row: Row[Any]) -> Version:
    return Version(row.id, row.valid_from, row.applied_at, row.digest, _decode(row.document))
