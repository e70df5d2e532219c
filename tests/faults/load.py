"""A sender under load: it remembers what was acknowledged, repeats what was not, and sends some events twice."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import msgspec

SENDERS = 8
PAUSE_SECONDS = 0.02


class Load:
    """Events to ingest for as long as the block lasts; `acknowledged` has the ids of every 202, `posts` how often each
    event was posted, `hasty` how many 503 did not say when to come again. `name` is in every id and channel."""

    def __init__(self, url: str, key: str) -> None:
        self.name = uuid4().hex
        self._url = url
        self.authorization = f"Bearer {key}"
        self._headers = {"authorization": self.authorization, "content-type": "application/cloudevents+json"}
        self._stop = asyncio.Event()
        self._numbers = iter(range(1_000_000))
        self.acknowledged: set[str] = set()
        self.sent: set[str] = set()
        self.answers: Counter[int] = Counter()
        self.posts: Counter[str] = Counter()
        self.hasty = 0

    async def __aenter__(self) -> "Load":
        self._client = httpx.AsyncClient(base_url=self._url, headers=self._headers, timeout=10)
        self._senders = [asyncio.create_task(self._send(random.Random(seed))) for seed in range(SENDERS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.gather(*self._senders)
        await self._client.aclose()

    async def more(self, count: int) -> None:
        """Wait until so many more were acknowledged."""
        wanted = len(self.acknowledged) + count
        async with asyncio.timeout(60):
            while len(self.acknowledged) < wanted:  # noqa: ASYNC110 - eight senders and no event to wait for
                await asyncio.sleep(0.05)

    async def _send(self, chance: random.Random) -> None:
        while not self._stop.is_set():
            event = self._event(next(self._numbers))
            self.sent.add(event["id"])
            body, wanted = msgspec.json.encode(event), 2 if chance.random() < 0.2 else 1
            while wanted:
                self.posts[event["id"]] += 1
                status = await self._post(body)
                self.answers[status] += 1
                if status == 202:
                    self.acknowledged.add(event["id"])
                    wanted -= 1
                elif chance.random() < 0.3:
                    break  # this one gives up: whether its event arrived it does not know
                await asyncio.sleep(PAUSE_SECONDS)

    async def _post(self, body: bytes) -> int:
        try:
            answer = await self._client.post("/v1/events", content=body)
        except httpx.TransportError:
            return 0
        self.hasty += answer.status_code == 503 and "retry-after" not in answer.headers
        return answer.status_code

    def _event(self, number: int) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": f"{self.name}-{number}",
            "source": "urn:load",
            "type": "voc.interaction",
            "subject": f"crm:{number % 200}",
            "time": datetime.now(UTC).isoformat(),
            "data": {"action": "chatted", "channel": self.name, "response_seconds": number % 60},
        }
