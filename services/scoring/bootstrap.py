"""What scoring is made of, in the order in which it starts; it stops in the reverse order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.offsets import Offsets
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.store import Store
from services.scoring.entrypoints import app
from services.scoring.entrypoints.batch import Batches
from services.scoring.entrypoints.relay import Relay
from services.scoring.entrypoints.timers import Timers
from services.scoring.entrypoints.worker import Worker
from services.scoring.settings import Settings
from shared.clock import now
from shared.kafka.create import ensure_topics
from shared.kafka.topics import EVENTS
from shared.postgres.check import answers
from shared.postgres.engine import connect
from shared.postgres.migrate import migrate

log = structlog.get_logger(__name__)

RETRY_SECONDS = 0.5
T = TypeVar("T")


class Scoring:
    """One process: its door is open at once, its loops begin when Kafka, PostgreSQL and a programme are there."""

    def __init__(self, settings: Settings, engine: AsyncEngine) -> None:
        self._settings = settings
        self._engine = engine
        self._worker: Worker | None = None
        self._waits_for = "starting"
        self.app: FastAPI = app.build(
            {"postgres": lambda: answers(engine), "kafka": self._kafka, "partitions": self._partitions}
        )

    async def run(self) -> None:
        """Everything, until cancelled. Raises where going on would be wrong."""
        settings = self._settings
        await self._until_it_works("PostgreSQL", self._migrate)
        await self._until_it_works("Kafka", lambda: ensure_topics(settings.kafka))
        cluster = await self._until_it_works("Kafka", self._cluster_id)
        programmes = Programmes(self._engine)
        await self._until_it_works("PostgreSQL", programmes.reload)
        self._waits_for = ""
        store, offsets = Store(self._engine, EVENTS.name), Offsets(self._engine, EVENTS.name)
        async with AsyncExitStack() as stack:
            consumer = self._consumer()
            await self._until_it_works("Kafka", consumer.start)
            stack.push_async_callback(consumer.stop)
            async with asyncio.TaskGroup() as group:
                group.create_task(Relay(self._engine, settings.kafka).run())
                await self._programme(programmes)
                batches = Batches(store, programmes)
                self._worker = Worker(
                    consumer,
                    EVENTS.name,
                    offsets,
                    batches,
                    cluster=cluster,
                    lanes=settings.scoring_lanes,
                    most=settings.scoring_batch,
                )
                timers = Timers(self._engine, store, offsets, programmes, consumer, EVENTS.name)
                group.create_task(self._worker.run())
                group.create_task(timers.run(now, settings.scoring_timer_seconds))

    async def _migrate(self) -> None:
        await migrate(self._engine, "voc", "shared.postgres.migrations")
        await migrate(self._engine, "scoring", "services.scoring.migrations")

    async def _programme(self, programmes: Programmes) -> None:
        """Events wait in Kafka until the first programme: it holds from the beginning of time."""
        while not programmes.newest:
            if not self._waits_for:
                self._waits_for = "programme"
                log.info("waits-for-programme", hint="voc programme apply DIR")
            await asyncio.sleep(RETRY_SECONDS)
            await self._until_it_works("PostgreSQL", programmes.reload)
        self._waits_for = ""

    def _consumer(self) -> AIOKafkaConsumer:
        settings = self._settings
        return AIOKafkaConsumer(
            **settings.kafka.options(),
            group_id="voc-scoring",
            group_instance_id=f"voc-scoring-{settings.scoring_slot}",
            enable_auto_commit=False,
            auto_offset_reset="none",
            session_timeout_ms=int(settings.session_timeout.total_seconds() * 1000),
            heartbeat_interval_ms=2000,
            rebalance_timeout_ms=10_000,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )

    async def _cluster_id(self) -> str:
        admin = AIOKafkaAdminClient(**self._settings.kafka.options())
        await admin.start()
        try:
            return str((await admin.describe_cluster())["cluster_id"])
        finally:
            await admin.close()

    async def _until_it_works(self, what: str, action: Callable[[], Awaitable[T]]) -> T:
        said = ""
        while True:
            try:
                return await action()
            except (KafkaError, SQLAlchemyError, OSError, TimeoutError) as error:
                self._waits_for = what
                fault = str(error).partition("\n")[0] or type(error).__name__
                if fault != said:
                    log.info("waits", what=what, error=fault)
                    said = fault
                await asyncio.sleep(RETRY_SECONDS)

    async def _kafka(self) -> str | None:
        return None if self._waits_for in ("", "programme") else f"waiting for {self._waits_for}"

    async def _partitions(self) -> str | None:
        """None if every partition is read on, or if there is nothing to read by yet."""
        return "; ".join(self._worker.halted.values()) or None if self._worker is not None else None


@asynccontextmanager
async def scoring(settings: Settings) -> AsyncIterator[Scoring]:
    """A scoring process's parts, not running yet."""
    engine = connect(settings.database, application=f"voc-scoring-{settings.scoring_slot}", pool_size=8)
    try:
        yield Scoring(settings, engine)
    finally:
        await engine.dispose()
