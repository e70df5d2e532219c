"""What scoring is made of, in the order in which it starts; it stops in the reverse order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TypeVar

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.group import NAME, Group
from services.scoring.adapters.heard import Ear
from services.scoring.adapters.offsets import Offsets
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.reviews import Reviews
from services.scoring.adapters.slot import Slot
from services.scoring.adapters.store import Store
from services.scoring.entrypoints import app
from services.scoring.entrypoints.batch import Batches
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.evaluator import Evaluator
from services.scoring.entrypoints.leaving import in_good_time
from services.scoring.entrypoints.outcome import AWAY
from services.scoring.entrypoints.previewer import Previewer
from services.scoring.entrypoints.relay import Relay
from services.scoring.entrypoints.reviewer import Reviewer
from services.scoring.entrypoints.timers import Timers
from services.scoring.entrypoints.watch import Watch
from services.scoring.entrypoints.worker import Worker
from services.scoring.settings import Settings
from shared.clock import now
from shared.errors import first_line
from shared.kafka.create import ensure_topics
from shared.kafka.reach import fault
from shared.kafka.topic_id import TopicIds
from shared.kafka.topics import EVENTS
from shared.postgres.check import answers
from shared.postgres.clock import SharedClock
from shared.postgres.engine import connect
from shared.postgres.migrate import migrate
from shared.waiting import RETRY_SECONDS, until_it_works

log = structlog.get_logger(__name__)

# A member that polls nothing would leave the group after five minutes and, having nothing to poll, never come back:
# one without partitions, or one that waits for its database. Heartbeats tell whether we live.
NEVER = timedelta(days=20)
T = TypeVar("T")


class Scoring:
    """One process: its door is open at once, its loops begin when Kafka, PostgreSQL and a programme are there."""

    def __init__(self, settings: Settings, engine: AsyncEngine) -> None:
        self._settings = settings
        self._engine = engine
        self._worker: Worker | None = None
        self._topic_ids = TopicIds(settings.kafka, EVENTS.name)
        self._slot = Slot(engine, settings.scoring_slot)
        self._waits_for = "starting"
        self.app: FastAPI = app.build(
            {
                "postgres": lambda: answers(engine),
                "kafka": self._kafka,
                "partitions": self._partitions,
                "slot": self._own_slot,
            }
        )

    async def run(self) -> None:
        """Everything, until cancelled. Raises where going on would be wrong."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._slot.keep())
            group.create_task(self._score())

    async def _score(self) -> None:
        settings = self._settings
        await self._until_it_works("PostgreSQL", self._migrate)
        await self._until_it_works("Kafka", lambda: ensure_topics(settings.kafka))
        cluster = await self._until_it_works("Kafka", self._cluster_id)
        programmes, clock = Programmes(self._engine), SharedClock(self._engine)
        await self._until_it_works("PostgreSQL", programmes.reload)
        await self._until_it_works("PostgreSQL", clock.set)
        self._waits_for = ""
        await self._slot.taken()
        store, offsets = Store(self._engine, EVENTS.name), Offsets(self._engine, EVENTS.name)
        kafka_group = Group(settings.kafka, EVENTS.name)
        async with AsyncExitStack() as stack:
            for close in (self._topic_ids.close, kafka_group.close):
                stack.push_async_callback(in_good_time, close)
            consumer = self._consumer()
            await self._until_it_works("Kafka", consumer.start)
            stack.push_async_callback(in_good_time, consumer.stop)
            async with asyncio.TaskGroup() as group:
                group.create_task(Relay(self._engine, settings.kafka).run())
                await self._programme(programmes)
                batches = Batches(store, programmes, Ear(self._engine))
                worker = self._worker = Worker(
                    consumer,
                    self._topic_ids,
                    offsets,
                    batches,
                    topic=EVENTS.name,
                    cluster=cluster,
                    lanes=settings.scoring_lanes,
                    most=settings.scoring_batch,
                )
                ends = Ends(consumer, offsets, EVENTS.name, reads=lambda: worker.reads)
                timers = Timers(self._engine, store, ends, programmes)
                evaluator = Evaluator(
                    self._engine, ends, EVENTS.name, settings.scoring_statuses, takes_part=lambda: bool(worker.held)
                )
                reviewer = Reviewer(store, Reviews(self._engine, EVENTS.name), ends, programmes)
                group.create_task(worker.run())
                group.create_task(Watch(worker, consumer, kafka_group, offsets, EVENTS.name).run())
                group.create_task(timers.run(now, settings.scoring_timer_seconds))
                group.create_task(evaluator.run(now))
                group.create_task(clock.keep())
                group.create_task(reviewer.run(clock))
                group.create_task(Previewer(self._engine, programmes).run())

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
            group_id=NAME,
            group_instance_id=f"{NAME}-{settings.scoring_slot}",
            enable_auto_commit=False,
            auto_offset_reset="none",
            session_timeout_ms=int(settings.scoring_session_seconds * 1000),
            heartbeat_interval_ms=2000,
            rebalance_timeout_ms=10_000,
            metadata_max_age_ms=5000,  # a topic that was away, and more partitions, are noticed so soon
            max_poll_interval_ms=int(NEVER.total_seconds() * 1000),
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
        def tell(missing: str) -> None:
            self._waits_for = missing

        return await until_it_works(what, action, tell=tell)

    async def _kafka(self) -> str | None:
        """None if Kafka answers and has the topic that is read."""
        if self._waits_for not in ("", "programme"):
            return f"waiting for {self._waits_for}"
        try:
            await self._topic_ids.of()
        except AWAY as error:
            why = await fault(self._settings.kafka) or first_line(error)
            return f"Kafka does not answer for {EVENTS.name}: {why}"
        return None

    async def _own_slot(self) -> str | None:
        """None if no other process has our place in the group."""
        return self._slot.fault

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
