"""Publishes the outbox, in order, one relay at a time: at least once on the wire, and fenced when it is overtaken."""

import asyncio
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring import metrics
from services.scoring.adapters.outbox import CHANNEL
from shared.kafka.connection import KafkaSettings

log = structlog.get_logger(__name__)

TRANSACTIONAL_ID = "voc-scoring-relay"
MOST = 500
IDLE_SECONDS = 5.0  # looked at even without a NOTIFY: one may be lost with a connection


class Relay:
    """Waits for its turn, then reads the outbox and marks what Kafka has."""

    def __init__(self, engine: AsyncEngine, kafka: KafkaSettings) -> None:
        self._engine = engine
        self._kafka = kafka

    async def run(self) -> None:
        """Publish until cancelled; errors of Kafka and PostgreSQL pass."""
        while True:
            try:
                await self._lead()
            except (KafkaError, SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("relay-waits", error=str(error).splitlines()[0] or type(error).__name__)
            await asyncio.sleep(1)

    async def _lead(self) -> None:
        """Hold the lock and publish; returns at once if another process holds it."""
        async with self._engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if not await connection.scalar(text("select pg_try_advisory_lock(hashtext('scoring.relay'))")):
                return
            woken = asyncio.Event()
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.add_listener(CHANNEL, lambda *_: woken.set())
            producer = AIOKafkaProducer(
                **self._kafka.options(), transactional_id=TRANSACTIONAL_ID, acks="all", max_request_size=4 * 1024 * 1024
            )
            try:
                await producer.start()
                await self._publish_for_ever(connection, producer, woken)
            finally:
                await producer.stop()
                await connection.invalidate()  # with it go the lock and the listener

    async def _publish_for_ever(
        self, connection: AsyncConnection, producer: AIOKafkaProducer, woken: asyncio.Event
    ) -> None:
        while True:
            woken.clear()
            while await self._publish(connection, producer):
                pass
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await woken.wait()
            except TimeoutError:
                await connection.execute(text("select 1"))  # a dead connection must not keep the lock in our mind

    async def _publish(self, connection: AsyncConnection, producer: AIOKafkaProducer) -> bool:
        """Publish the oldest waiting messages in one Kafka transaction, then mark them. Whether there were any."""
        rows = (await connection.execute(text(_WAITING), {"most": MOST})).all()
        if not rows:
            return False
        async with producer.transaction():
            for row in rows:
                headers = [(name, value.encode()) for name, value in msgspec.json.decode(row.headers).items()]
                headers.append(("outbox-id", str(row.id).encode()))
                await producer.send(row.topic, row.value, row.key, headers=headers)
        await connection.execute(text(_MARK), {"ids": [row.id for row in rows]})
        for row in rows:
            metrics.PUBLISHED.labels(row.topic).inc()
        return True


_WAITING = """
select id, topic, key, value, headers from scoring.outbox where published_at is null order by id limit :most
"""
_MARK = "update scoring.outbox set published_at = now() where id = any(cast(:ids as bigint[]))"
