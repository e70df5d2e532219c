"""What a service keeps of a key in memory, and what whoever comes with it is answered."""

from datetime import UTC, datetime
from math import inf
from time import time
from typing import Any, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.http.problem import HttpProblem
from shared.http.quota import Quota

Scope = Literal["ingest", "read", "alerts", "admin"]

_WANTED = "Send `Authorization: Bearer KEY` with a key made by `voc key create`."
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


class HeldKey(msgspec.Struct, frozen=True):
    """A key that is not revoked. `expires_at` is Unix time, so that asking whether it holds is one comparison."""

    id: int
    name: str
    scope: str
    expires_at: float = inf
    quota: Quota | None = None


async def load(connection: AsyncConnection) -> dict[bytes, HeldKey]:
    """Digest → key, of all that are not revoked; expired ones too, so that they can be told from wrong ones."""
    rows = await connection.execute(
        text("select id, name, scope, digest, expires_at, rate, burst from voc.keys where revoked_at is null")
    )
    return {bytes(row.digest): _held(row) for row in rows}


def _held(row: Any) -> HeldKey:
    return HeldKey(
        row.id,
        row.name,
        row.scope,
        inf if row.expires_at is None else row.expires_at.timestamp(),
        None if row.rate is None else Quota(row.rate, row.burst),
    )


def refusal(key: HeldKey | None, wanted: Scope) -> HttpProblem | None:
    """Why a caller with `key` may not do what `wanted` allows; None if it may."""
    if key is None:
        return HttpProblem(401, _WANTED, headers=_CHALLENGE)
    if key.expires_at <= time():
        ended = f"{datetime.fromtimestamp(key.expires_at, UTC):%Y-%m-%d %H:%M} UTC"
        return HttpProblem(401, f"The key {key.name!r} has expired at {ended}. {_WANTED}", headers=_CHALLENGE)
    if key.scope in (wanted, "admin"):
        return None
    return HttpProblem(403, f"This key has the scope {key.scope}; this needs {wanted}.")
