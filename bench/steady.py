"""A steady load on the door: batches at an even pace."""

import asyncio
import time
from collections.abc import Iterator

import httpx

BATCH = 50


async def send_evenly(door: str, key: str, events: Iterator[bytes], *, a_second: float, until: float) -> int:
    """Until the monotonic clock says so; how many were sent. Raises where the door does not take a batch."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/cloudevents-batch+json"}
    sent, due = 0, time.monotonic()
    async with httpx.AsyncClient(base_url=door, headers=headers, timeout=30) as client:
        while time.monotonic() < until:
            body = b"[" + b",".join([next(events) for _ in range(BATCH)]) + b"]"
            (await client.post("/v1/events", content=body)).raise_for_status()
            sent += BATCH
            due += BATCH / a_second
            await asyncio.sleep(max(0.0, due - time.monotonic()))
    return sent
