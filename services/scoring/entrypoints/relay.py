"""Publishes the outbox, in order, one relay at a time: at least once on the wire, and fenced when it is overtaken."""

import asyncio
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaProducer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring import metrics
from services.scoring.adapters.outbox import CHANNEL
from services.scoring.entrypoints.leaving import in_good_time
from services.scoring.entrypoints.outcome import AWAY
from shared.errors import first_line
from shared.kafka.connection import KafkaSettings

log = structlog.get_logger(__name__)

TRANSACTIONAL_ID = "voc-scoring-relay"
MOST = 500
IDLE_SECONDS = 5.0  # looked at even without a NOTIFY: one may be lost with a connection
LEASE = "15s"  # a leader that is silent for longer is frozen: the server ends its session, and another one leads
KEPT = "7 days"  # what was published stays for people to look at
MOST_FORGOTTEN = 5000


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
            except AWAY as error:
                log.warning("relay-waits", error=first_line(error))
            await asyncio.sleep(1)

    async def _lead(self) -> None:
        """Hold the lock and publish; returns at once if another process holds it."""
        async with self._engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if not await connection.scalar(text("select pg_try_advisory_lock(hashtext('scoring.relay'))")):
                return
            await connection.execute(text(f"set idle_session_timeout = '{LEASE}'"))
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
                await connection.invalidate()  # with it go the lock, the lease and the listener
                await in_good_time(producer.stop)

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
            except TimeoutError:  # a dead connection must not keep the lock in our mind, nor a live one lose it
                await connection.execute(text(_FORGET), {"most": MOST_FORGOTTEN})

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
# The oldest rows by id only: no index on published_at is needed, and nothing is searched in vain.
_FORGET = f"""
delete from scoring.outbox o using (select id from scoring.outbox order by id limit :most) as oldest
where o.id = oldest.id and o.published_at < now() - interval '{KEPT}'
"""
_MARK = "update scoring.outbox set published_at = now() where id = any(cast(:ids as bigint[]))"
