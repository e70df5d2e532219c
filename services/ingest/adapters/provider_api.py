"""Asks a provider's API for what a notice announced."""

import asyncio
from time import monotonic
from typing import Any

import httpx
import msgspec

from services.ingest.domain.fetching import FETCHED, Ask
from services.ingest.domain.patience import Failure
from shared.events.text import nested_too_deep

SECONDS = 20.0  # for each of a request's steps
WHOLE_SECONDS = 60.0  # for all that is asked for a notice; well below its lease
MOST_BYTES = 4_000_000
KEPT_SECONDS = 600.0  # what stands beside an answer (a survey's own words) seldom changes
MOST_KEPT = 200

_decode = msgspec.json.Decoder().decode


class NotFetched(Exception):
    """An answer did not come."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.says)
        self.failure = failure


class ProviderApi:
    """One client for all providers. Redirections are not followed: they would carry the token elsewhere."""

    def __init__(self, seconds: float = WHOLE_SECONDS) -> None:
        self._seconds = seconds
        self._client = httpx.AsyncClient(timeout=SECONDS, follow_redirects=False)
        self._kept: dict[str, tuple[float, Any]] = {}

    async def close(self) -> None:
        await self._client.aclose()

    async def answers(self, ask: Ask) -> dict[str, Any]:
        """What is at each address, decoded. Raises NotFetched."""
        try:
            async with asyncio.timeout(self._seconds):
                found = {name: await self._beside(url, ask) for name, url in ask.addresses.items() if name != FETCHED}
                return {FETCHED: await self._get(ask.addresses[FETCHED], ask), **found}
        except TimeoutError:
            where = _bare(ask.addresses[FETCHED])
            says = f"{where} does not end its answer within {self._seconds:g} seconds"
            raise NotFetched(Failure(says, silent=True)) from None

    async def _beside(self, url: str, ask: Ask) -> Any:
        at, value = self._kept.get(url, (-KEPT_SECONDS, None))
        if monotonic() - at >= KEPT_SECONDS:
            value = await self._get(url, ask)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[url] = (monotonic(), value)
        return value

    async def _get(self, url: str, ask: Ask) -> Any:
        where = _bare(url)
        try:
            async with self._client.stream("GET", url, headers=ask.headers) as answer:
                body = await _bounded(answer, where)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            says = f"{where} does not answer ({str(error) or type(error).__name__})"
            raise NotFetched(Failure(says, silent=isinstance(error, httpx.TransportError))) from error
        if answer.status_code != 200:
            said = Failure(f"{where} answered {answer.status_code}", answer.status_code, _retry_after(answer))
            raise NotFetched(said)
        return _decoded(body, where)


def _bare(url: str) -> str:
    return url.partition("?")[0]


def _decoded(body: bytes, where: str) -> Any:
    try:
        answer = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotFetched(Failure(f"{where} answered something that is no JSON", 422)) from None
    if nested_too_deep(body):
        raise NotFetched(Failure(f"{where} answered what nests too deep", 422))
    return answer


async def _bounded(answer: httpx.Response, where: str) -> bytes:
    parts, length = [], 0
    async for part in answer.aiter_bytes():
        length += len(part)
        if length > MOST_BYTES:
            raise NotFetched(Failure(f"{where} answered more than {MOST_BYTES:,} bytes", 413))
        parts.append(part)
    return b"".join(parts)


def _retry_after(answer: httpx.Response) -> float | None:
    text = answer.headers.get("retry-after", "").strip()
    return float(text) if text.isdecimal() else None
