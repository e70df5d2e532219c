"""Copies `voc.quarantine` into its index, tells of sources that fail, and deletes what is too old: one at a time.

It reads without a consumer group: how far it read stands in the same transaction as what it read, and who holds the
advisory lock reads all partitions. While PostgreSQL is away everything waits in the topic.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.ingest import metrics
from services.ingest.adapters import index, traffic, troubles
from services.ingest.adapters.index import Overtaken
from services.ingest.adapters.troubles import Telling
from services.ingest.domain import failing, stopped
from services.ingest.domain.bridge_state import BridgeState
from services.ingest.domain.failing import OVER_AFTER
from services.ingest.domain.kept import Kept, kept
from shared.clock import Clock
from shared.errors import first_line
from shared.kafka.connection import KafkaSettings
from shared.kafka.topic_id import TopicIds
from shared.kafka.topics import QUARANTINE
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

RETRY_SECONDS = 2.0  # also until another process is asked again whether it still keeps
POLL_MS = 1000
MOST_AT_ONCE = 200
LOOK_SECONDS = 5.0  # how often is it decided who fails, and looked for what is too old
LEASE = "30s"  # a keeper that is silent for longer is frozen: the server ends its session, and another one keeps
MOST_SOURCES = 200  # that have a series of their own in the metric; sources of `/v1/events` are any text


class Keeper:
    """One of these runs in every process that does background work; one of them keeps, the others wait for its lock."""

    def __init__(
        self,
        engine: AsyncEngine,
        kafka: KafkaSettings,
        clock: Clock,
        *,
        bridges: Callable[[], Awaitable[list[BridgeState] | None]],
        said: Callable[[str, str], str],
    ) -> None:
        """`bridges` tells how they do, None while the programme is not known. `said` makes of a source and a reason,
        which may quote what a customer wrote, what others may be told."""
        self._bridges = bridges
        self._said = said
        self._engine = engine
        self._kafka = kafka
        self._clock = clock
        self._telling = Telling(engine, kafka)
        self._topic_ids = TopicIds(kafka, QUARANTINE.name)
        self._labels: set[str] = set()

    async def run(self) -> None:
        """Keep until cancelled; errors of Kafka and PostgreSQL pass."""
        try:
            while True:
                try:
                    await self._lead()
                except (KafkaError, Overtaken, *AWAY) as error:
                    log.warning("quarantine-waits", error=first_line(error))
                except Exception:  # the loop's one: what nobody thought of must not close the door
                    log.exception("quarantine-not-kept")
                await asyncio.sleep(RETRY_SECONDS)
        finally:
            await self._topic_ids.close()

    async def _lead(self) -> None:
        """Hold the lock and keep; returns at once if another process holds it."""
        async with self._engine.connect() as connection:
            if not await connection.scalar(text("select pg_try_advisory_lock(hashtext('ingest.keeper'))")):
                return
            await connection.execute(text(f"set idle_session_timeout = '{LEASE}'"))
            await connection.commit()
            consumer = AIOKafkaConsumer(
                **self._kafka.options(),
                enable_auto_commit=False,
                auto_offset_reset="none",
                isolation_level="read_committed",  # scoring's relay writes in transactions
            )
            try:
                await consumer.start()
                await self._keep_for_ever(connection, consumer)
            finally:
                metrics.QUARANTINE_WAITING.set(0)
                metrics.SOURCES_FAILING.set(0)
                await connection.invalidate()  # with it go the lock and the lease
                await consumer.stop()

    async def _keep_for_ever(self, connection: AsyncConnection, consumer: AIOKafkaConsumer) -> None:
        """Until the topic is another one, or has another partition: then everything is begun anew."""
        ids = await self._topic_ids.of()
        partitions = await self._topic_ids.partitions()
        next_offsets = await self._begin(connection, consumer, ids, partitions)
        look_at = 0.0
        while True:
            if monotonic() >= look_at:
                if (ids, partitions) != (await self._topic_ids.of(), await self._topic_ids.partitions()):
                    return
                await self._look(connection)
                look_at = monotonic() + LOOK_SECONDS
            batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=MOST_AT_ONCE)
            if not batches:
                await connection.execute(text("select 1"))  # whether the lock is still ours
                await connection.commit()
            for partition, records in batches.items():
                position = await consumer.position(partition)
                await self._keep(connection, partition.partition, records, next_offsets[partition.partition], position)
                next_offsets[partition.partition] = position

    @staticmethod
    async def _begin(
        connection: AsyncConnection, consumer: AIOKafkaConsumer, ids: set[bytes], partitions: set[int]
    ) -> dict[int, int]:
        """Where each partition is read on: where it was left, or as near to it as the topic still goes."""
        there = [TopicPartition(QUARANTINE.name, number) for number in sorted(partitions)]
        begins, ends = await consumer.beginning_offsets(there), await consumer.end_offsets(there)
        async with connection.begin():
            stored = await index.offsets(connection, ids)
            found = {one.partition: min(max(stored.get(one.partition, 0), begins[one]), ends[one]) for one in there}
            for partition, offset in found.items():
                await index.begin(connection, partition, ids, offset)
        consumer.assign(there)
        for one in there:
            consumer.seek(one, found[one.partition])
        return found

    async def _keep(
        self, connection: AsyncConnection, partition: int, records: list[Any], read_from: int, read_to: int
    ) -> None:
        messages = [_read(record) for record in records]
        async with connection.begin():
            await index.keep(
                connection, messages, partition=partition, read_from=read_from, read_to=read_to, now=self._clock()
            )
        for message in messages:
            metrics.QUARANTINE_KEPT.labels(self._label(message.source), message.kind).inc()

    async def _look(self, connection: AsyncConnection) -> None:
        """Decide who fails and who is well again, tell it, and delete what is too old."""
        await self._telling.run_once()
        now = self._clock()
        bridges = await self._bridges()
        async with connection.begin():
            known = await troubles.lasting(connection, failing.KIND)
            seen = [
                one._replace(reason=self._said(one.source, one.reason)) for one in await traffic.seen(connection, now)
            ]
            found = failing.news(known, seen)
            if bridges is not None:
                bridges = [replace(one, says=self._said(one.source, one.says)) for one in bridges]
                found += stopped.news(await troubles.lasting(connection, stopped.KIND), bridges, now)
            for told in found:
                log.info("source-is-well" if told.over else "source-fails", trouble=told.trouble)
                await troubles.tell(connection, told, now)
            await traffic.forget(connection, now - 2 * OVER_AFTER)
            await troubles.sweep(connection, now - 24 * OVER_AFTER)
            await index.sweep(connection, now - (QUARANTINE.retention or OVER_AFTER))
            metrics.SOURCES_FAILING.set(len(await troubles.lasting(connection, failing.KIND)))
            waiting = await connection.scalar(text("select count(*) from ingest.quarantine where state = 'waiting'"))
            metrics.QUARANTINE_WAITING.set(waiting or 0)
        await self._telling.run_once()

    def _label(self, source: str) -> str:
        if source not in self._labels and len(self._labels) >= MOST_SOURCES:
            return "other"
        self._labels.add(source)
        return source


def _read(record: Any) -> Kept:
    return kept(
        record.key, record.value or b"", record.headers, written_at=datetime.fromtimestamp(record.timestamp / 1000, UTC)
    )
