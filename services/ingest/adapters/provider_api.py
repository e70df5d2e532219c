"""Asks a provider's API for what a notice announced."""

from time import monotonic
from typing import Any

import httpx
import msgspec

from services.ingest.domain.fetching import FETCHED, Ask
from services.ingest.domain.patience import Failure

SECONDS = 20.0
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

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(timeout=SECONDS, follow_redirects=False)
        self._kept: dict[str, tuple[float, Any]] = {}

    async def close(self) -> None:
        await self._client.aclose()

    async def answers(self, ask: Ask) -> dict[str, Any]:
        """What is at each address, decoded. Raises NotFetched."""
        found = {name: await self._beside(url, ask) for name, url in ask.addresses.items() if name != FETCHED}
        return {FETCHED: await self._get(ask.addresses[FETCHED], ask), **found}

    async def _beside(self, url: str, ask: Ask) -> Any:
        at, value = self._kept.get(url, (-KEPT_SECONDS, None))
        if monotonic() - at >= KEPT_SECONDS:
            value = await self._get(url, ask)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[url] = (monotonic(), value)
        return value

    async def _get(self, url: str, ask: Ask) -> Any:
        where = url.partition("?")[0]
        try:
            async with self._client.stream("GET", url, headers=ask.headers) as answer:
                body = await _bounded(answer, where)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotFetched(Failure(f"{where} does not answer ({str(error) or type(error).__name__})")) from error
        if answer.status_code != 200:
            said = Failure(f"{where} answered {answer.status_code}", answer.status_code, _retry_after(answer))
            raise NotFetched(said)
        try:
            return _decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise NotFetched(Failure(f"{where} answered something that is no JSON", 422)) from None


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
