"""API keys: made once, stored as SHA-256, cached so that a database failover does not close the doors."""

import asyncio
import secrets
from hashlib import sha256
from time import monotonic
from typing import Literal

import structlog
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.errors import Unavailable, first_line
from shared.http.problem import HttpProblem
from shared.postgres.engine import AWAY

Scope = Literal["ingest", "read", "alerts", "admin"]
REFRESH_SECONDS = 5.0
UNKNOWN_SECONDS = 0.5  # at most this often does a key that nobody knows ask the database
ANSWER_SECONDS = 2.0  # so long may the database take; a caller with an unknown key waits for it

log = structlog.get_logger(__name__)


class KeysAway(Unavailable):
    """A key that is not in memory cannot be looked up: whether it holds is not known, so nobody is turned away."""

    def __init__(self) -> None:
        super().__init__("The keys cannot be looked up just now.")


def new_key() -> str:
    """A fresh key of 256 random bits; so much chance needs no slow hash."""
    return f"voc_{secrets.token_urlsafe(32)}"


def digest(key: str) -> bytes:
    """What is stored of a key."""
    return sha256(key.encode()).digest()


async def load(connection: AsyncConnection) -> dict[bytes, str]:
    """Digest → scope of every key that holds."""
    rows = await connection.execute(text("select digest, scope from voc.keys where revoked_at is null"))
    return {bytes(row.digest): row.scope for row in rows}


class KeyRing:
    """The keys, in memory. Reads never wait for the database unless a key is unknown."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._scopes: dict[str, str] = {}  # by the Authorization header's value: the hot path's only lookup
        self._digests: dict[bytes, str] = {}
        self._asked_at = 0.0
        self._answered = False  # the last time that it was asked
        self._lock = asyncio.Lock()
        self.loaded = False

    async def refresh(self) -> None:
        """Read the keys anew; what was revoked is forgotten. Raises one of `AWAY` without a database."""
        async with self._engine.connect() as connection:
            digests = await load(connection)
        if digests != self._digests:
            self._digests, self._scopes = digests, {}
        self.loaded = True

    async def keep_fresh(self) -> None:
        """Refresh for ever; while the database is away, the keys of before hold."""
        while True:
            await self._refresh_if_it_can()
            await asyncio.sleep(REFRESH_SECONDS if self.loaded else 0.5)

    def scope_of(self, authorization: str) -> str | None:
        """The scope of an Authorization header that was seen before; None sends the caller to `find`."""
        return self._scopes.get(authorization)

    async def find(self, authorization: str) -> str | None:
        """The scope of a header. An unknown one is asked for: a key that was made just now holds.

        Raises KeysAway where the database does not say.
        """
        kind, _, key = authorization.partition(" ")
        if kind.lower() != "bearer" or not key.strip():
            return None
        digested = digest(key.strip())
        if digested not in self._digests and not await self._ask():
            raise KeysAway
        scope = self._digests.get(digested)
        if scope is not None:
            self._scopes[authorization] = scope
        return scope

    async def _ask(self) -> bool:
        """Ask the database, so often and no more: whoever comes meanwhile waits for the answer to come.

        Whether it answered.
        """
        came_at = monotonic()
        async with self._lock:
            if self._asked_at > came_at:
                return self._answered
            await asyncio.sleep(self._asked_at + UNKNOWN_SECONDS - monotonic())
            self._asked_at = monotonic()
            self._answered = await self._refresh_if_it_can()
            return self._answered

    async def _refresh_if_it_can(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.refresh()
        except AWAY as error:
            log.warning("keys-not-refreshed", error=first_line(error))
            return False
        return True


def refusal(scope: str | None, wanted: Scope) -> HttpProblem | None:
    """Why a caller with `scope` may not do what `wanted` allows; None if it may."""
    if scope in (wanted, "admin"):
        return None
    if scope is not None:
        return HttpProblem(403, f"This key has the scope {scope}; this needs {wanted}.")
    detail = "Send `Authorization: Bearer KEY` with a key made by `voc key create`."
    return HttpProblem(401, detail, headers={"WWW-Authenticate": "Bearer"})


async def require(request: Request, ring: KeyRing, wanted: Scope) -> None:
    """For FastAPI routes: raise the problem unless the request's key allows `wanted`."""
    authorization = request.headers.get("authorization", "")
    try:
        scope = ring.scope_of(authorization) or await ring.find(authorization)
    except KeysAway as away:
        raise HttpProblem(503, str(away), headers={"Retry-After": "2"}) from away
    problem = refusal(scope, wanted)
    if problem is not None:
        raise problem
