"""A scoring process's parts on real ones, events handed to it by the test, and no loop running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.heard import Ear
from services.scoring.adapters.offsets import Offsets
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.store import Store
from services.scoring.entrypoints.batch import Batches, Chunk
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.outcome import Outcome
from shared.events.told.envelope import Told, read
from shared.kafka.topics import EVENTS
from shared.programme.model import Programme
from shared.programme.store import apply
from tests import road
from tests.integration.services.scoring.entrypoints.caught_up import caught_up

PARTITION = 99  # none that Kafka has: what is folded here does not count as read there


class Folding:
    """`fold` is what a worker does with a batch; `ends` are at the end of all that Kafka holds."""

    def __init__(self, engine: AsyncEngine, url: str, consumer: AIOKafkaConsumer) -> None:
        self.engine, self.url = engine, url
        self.store, self.programmes = Store(engine, EVENTS.name), Programmes(engine)
        self.ends = Ends(consumer, Offsets(engine, EVENTS.name), EVENTS.name, reads=lambda: True)
        self._batches = Batches(self.store, self.programmes, Ear(engine))
        self._next = 0

    async def apply(self, programme: Programme, at: datetime) -> None:
        """As `voc programme apply`; nobody here has read it yet."""
        async with self.engine.begin() as connection:
            await apply(connection, programme, now=at)

    async def fold(self, documents: list[dict[str, Any]], received_at: datetime) -> None:
        begin, self._next = self._next, self._next + len(documents)
        records = [
            SimpleNamespace(
                partition=PARTITION,
                offset=begin + place,
                timestamp=int(received_at.timestamp() * 1000),
                topic=EVENTS.name,
                key=None,
                value=msgspec.json.encode(document),
            )
            for place, document in enumerate(documents)
        ]
        outcome = await self._batches.handle(Chunk(records, {PARTITION: begin}, {PARTITION: self._next}))
        assert outcome is Outcome.HANDLED

    async def told(self, topic: str) -> list[Told]:
        """What lies in the outbox, in order."""
        rows = await road.fetch(self.url, "select value from scoring.outbox where topic = $1 order by id", topic)
        return [read(row["value"]).data for row in rows]


@asynccontextmanager
async def folding(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Folding]:
    """Everything as if what other tests sent had been folded."""
    async with caught_up(kafka_bootstrap, database_url) as (engine, consumer):
        await Offsets(engine, EVENTS.name).begin(PARTITION, 0, "cluster")
        yield Folding(engine, database_url, consumer)
