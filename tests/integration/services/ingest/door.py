"""A real ingest process with keys, and what it wrote to Kafka."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.http.keys import Scope, digest
from tests.keys import make_key
from tests.processes import Service, running

STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}


def event(**fields: Any) -> dict[str, Any]:
    """A valid event with an id of its own; `fields` replace or add attributes, None takes one away."""
    whole = {
        "specversion": "1.0",
        "id": uuid4().hex,
        "source": "urn:test:shop",
        "type": "voc.interaction",
        "subject": "crm:1",
        "time": "2026-05-01T10:00:00Z",
        "data": {"action": "placed", "channel": "web"},
        **fields,
    }
    return {name: value for name, value in whole.items() if value is not None}


class Door:
    """The door as a sender sees it, with a key that may send."""

    def __init__(self, service: Service, database_url: str, kafka: str) -> None:
        self.service = service
        self.database_url = database_url
        self.kafka = kafka
        self.key = self.new_key("ingest")
        self.client = httpx.Client(base_url=service.url, timeout=15)

    def post(self, content: bytes | str | dict[str, Any] | list[Any], **headers: str) -> httpx.Response:
        """POST /v1/events; headers in place of the usual ones by name, `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        usual = {"authorization": f"Bearer {self.key}", **(BATCH if isinstance(content, list) else STRUCTURED)}
        body = content if isinstance(content, bytes | str) else msgspec.json.encode(content)
        return self.client.post("/v1/events", content=body, headers={**usual, **named})

    def new_key(self, scope: Scope, **limits: Any) -> str:
        """A key with this scope, made as `voc key create` does."""
        return asyncio.run(make_key(self.database_url, scope, **limits))

    def revoke(self, key: str) -> None:
        """Let this key hold no longer."""

        async def update() -> None:
            connection = await asyncpg.connect(self.database_url)
            try:
                await connection.execute("update voc.keys set revoked_at = now() where digest = $1", digest(key))
            finally:
                await connection.close()

        asyncio.run(update())


@contextmanager
def open_door(kafka: str, database_url: str, folder: Path, **settings: str) -> Iterator[Door]:
    """An ingest process, ready."""
    service = Service("ingest", folder, VOC_KAFKA_BOOTSTRAP_SERVERS=kafka, VOC_DATABASE_URL=database_url, **settings)
    with running(service):
        door = Door(service, database_url, kafka)
        try:
            yield door
        finally:
            door.client.close()


class Written:
    """What is in a topic from the moment this was made on."""

    def __init__(self, kafka: str, topic: str) -> None:
        self._kafka = kafka
        self._topic = topic
        self._begin = asyncio.run(self._ends())

    @property
    def partitions(self) -> set[int]:
        return {partition.partition for partition in self._begin}

    def records(self) -> list[Any]:
        """All records since, those of a partition in order."""
        return asyncio.run(self._records())

    async def _ends(self) -> dict[TopicPartition, int]:
        async with AIOKafkaConsumer(self._topic, bootstrap_servers=self._kafka) as consumer:
            ends: dict[TopicPartition, int] = await consumer.end_offsets(consumer.assignment())
            return ends

    async def _records(self) -> list[Any]:
        async with AIOKafkaConsumer(bootstrap_servers=self._kafka) as consumer:
            consumer.assign(list(self._begin))
            ends = await consumer.end_offsets(list(self._begin))
            for partition, offset in self._begin.items():
                consumer.seek(partition, offset)
            found: list[Any] = []
            missing = sum(ends.values()) - sum(self._begin.values())
            while len(found) < missing:
                got = await consumer.getmany(timeout_ms=2000)
                assert got, f"{missing - len(found)} records of {self._topic} do not come"
                found += [record for batch in got.values() for record in batch]
            return found
