"""The other side of `bench.ingest`: plain ASGI and aiokafka, with no key check, no validation, no limits, no clock.

What it does not do is the point: it is the ceiling of this server, this client library and this broker on one machine.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from typing import Any

import msgspec
import uvicorn
import uvloop
from aiokafka import AIOKafkaProducer

TOPIC = "voc.events"
Message = MutableMapping[str, Any]

_START: Message = {"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"2")]}
_BODY: Message = {"type": "http.response.body", "body": b"{}"}
_items = msgspec.json.Decoder(list[msgspec.Raw])


class Bare:
    """One event a record; a batch is one record batch on the next partition. No key, so no partitioning either."""

    def __init__(self, producer: AIOKafkaProducer, partitions: int) -> None:
        self._producer = producer
        self._partitions = partitions
        self._turn = count()

    async def __call__(
        self,
        _scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if body[:1] == b"[":
            await self._batch(body)
        elif body:
            await self._producer.send_and_wait(TOPIC, body)
        await send(_START)
        await send(_BODY)

    async def _batch(self, body: bytes) -> None:
        builder = self._producer.create_batch()
        for item in _items.decode(body):
            builder.append(timestamp=None, key=None, value=bytes(item))
        acknowledged = await self._producer.send_batch(builder, TOPIC, partition=next(self._turn) % self._partitions)
        await acknowledged


async def main() -> None:
    """Serve on BARE_PORT until SIGTERM."""
    producer = AIOKafkaProducer(
        bootstrap_servers=os.environ["VOC_KAFKA_BOOTSTRAP_SERVERS"],
        acks="all",
        enable_idempotence=True,
        max_batch_size=1_000_000,
    )
    async with producer:
        app = Bare(producer, len(await producer.partitions_for(TOPIC)))
        port = int(os.environ["BARE_PORT"])
        config = uvicorn.Config(app, port=port, access_log=False, lifespan="off", log_level="warning")
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(main())
