"""API keys: made once, stored as SHA-256, cached so that a database failover does not close the doors."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from hashlib import sha256
from time import monotonic, time

import structlog
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.errors import Unavailable, first_line
from shared.http.held_key import HeldKey, Scope, load, refusal
from shared.http.problem import HttpProblem
from shared.postgres.engine import AWAY

__all__ = ["KeyRing", "KeysAway", "Scope", "digest", "new_key", "refusal", "require"]

REFRESH_SECONDS = 3.0  # from one look to the next; with ANSWER_SECONDS what was revoked holds for five at most
USED_SECONDS = 60.0  # so often is it written down which keys were used
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


class KeyRing:
    """The keys, in memory. Reads never wait for the database unless a key is unknown."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._headers: dict[str, HeldKey] = {}  # by the Authorization header's value: the hot path's only lookup
        self._digests: dict[bytes, HeldKey] = {}
        self._used: set[int] = set()
        self._used_at = monotonic()
        self._asked_at = 0.0
        self._answered = False  # the last time that it was asked
        self._lock = asyncio.Lock()
        self._refreshing = asyncio.Lock()
        self.loaded = False

    async def refresh(self) -> None:
        """Read the keys anew; what was revoked is forgotten. Raises one of `AWAY` without a database.

        One after the other: what was read earlier must not come later, and bring back what was revoked meanwhile.
        """
        async with self._refreshing:
            async with self._engine.connect() as connection:
                digests = await load(connection)
            if digests != self._digests:
                self._digests, self._headers = digests, {}
            self.loaded = True

    async def note_use(self) -> None:
        """Write down which keys were used since the last time. Raises one of `AWAY` without a database.

        Headers are forgotten meanwhile: whoever comes again is looked up once and thereby noted, so that the hot path
        writes nothing down.
        """
        used, self._used, self._headers = self._used, set(), {}
        if used:
            async with self._engine.begin() as connection:
                statement = text("update voc.keys set last_used_at = now() where id = any(:used)")
                await connection.execute(statement, {"used": sorted(used)})

    async def keep_fresh(self) -> None:
        """Refresh for ever; while the database is away, the keys of before hold."""
        while True:
            began_at = monotonic()
            if await self._refresh_if_it_can() and self._used_at + USED_SECONDS < monotonic():
                self._used_at = monotonic()
                await self._in_time(self.note_use)
            await asyncio.sleep(began_at + REFRESH_SECONDS - monotonic() if self.loaded else 0.5)

    def known(self, authorization: str) -> HeldKey | None:
        """The key of an Authorization header that was seen before and holds; None sends the caller to `find`."""
        key = self._headers.get(authorization)
        return key if key is not None and key.expires_at > time() else None

    async def find(self, authorization: str) -> HeldKey | None:
        """The key of a header, also one that has expired: `refusal` says so.

        An unknown one is asked for: a key that was made just now holds.
        Raises KeysAway where the database does not say.
        """
        kind, _, rest = authorization.partition(" ")
        key = rest.strip()
        if kind.lower() != "bearer" or not key:
            return None
        digested = digest(key)
        if digested not in self._digests and not await self._ask():
            raise KeysAway
        found = self._digests.get(digested)
        if found is not None and found.expires_at > time():
            if authorization == f"Bearer {key}":  # with other blanks there is no end of ways to write it
                self._headers[authorization] = found
            self._used.add(found.id)
        return found

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
        return await self._in_time(self.refresh)

    async def _in_time(self, work: Callable[[], Awaitable[None]]) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await work()
        except AWAY as error:
            log.warning("keys-not-refreshed", error=first_line(error))
            return False
        return True


async def require(request: Request, ring: KeyRing, wanted: Scope) -> None:
    """For FastAPI routes: raise the problem unless the request's key allows `wanted`."""
    authorization = request.headers.get("authorization", "")
    try:
        key = ring.known(authorization) or await ring.find(authorization)
    except KeysAway as away:
        raise HttpProblem(503, str(away), headers={"Retry-After": "2"}) from away
    problem = refusal(key, wanted)
    if problem is not None:
        raise problem
