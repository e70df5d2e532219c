"""Publishes the outbox, in order, one relay at a time: at least once on the wire, and fenced when it is overtaken."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    CorruptRecordException,
    InvalidMessageError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.scoring import metrics
from services.scoring.adapters.outbox import CHANNEL
from services.scoring.adapters.record_batches import Record, packed
from services.scoring.entrypoints.leaving import in_good_time
from services.scoring.entrypoints.outcome import AWAY
from shared.errors import first_line
from shared.kafka.connection import KafkaSettings
from shared.kafka.quarantine import headers_of
from shared.kafka.topics import QUARANTINE

log = structlog.get_logger(__name__)

TRANSACTIONAL_ID = "voc-scoring-relay"
MOST = 2000  # a Kafka transaction costs the same for one message as for all of these,
GATHER_SECONDS = 0.02  # so what comes at about the same time goes in one,
GATHER_MANY_SECONDS = 0.5  # and where a backlog tells so much at once that nobody waits for one of it,
MANY = 200  # more of it
LINGER_MS = 2  # what is handed over at once leaves in one request, not in one a partition
BATCH_BYTES = 1024 * 1024  # of one partition's messages in one request; topics take twice as much
MOST_BYTES = 8 * 1024 * 1024  # of the messages read at once, and one more
CUT_BYTES = 100_000  # so much is kept of a message that Kafka refuses
REFUSALS = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidMessageError, CorruptRecordException)
"""What Kafka will say of the same message again, however often it is sent."""
IDLE_SECONDS = 5.0  # looked at even without a NOTIFY: one may be lost with a connection
LEASE = "15s"  # a leader that is silent for longer is frozen: the server ends its session, and another one leads
KEPT = "7 days"  # what was published stays for people to look at
MOST_FORGOTTEN = 5000


class Relay:
    """Waits for its turn, then reads the outbox and marks what Kafka has."""

    def __init__(self, engine: AsyncEngine, kafka: KafkaSettings) -> None:
        self._engine = engine
        self._kafka = kafka
        self._refused: dict[int, KafkaError] = {}  # by the message's id
        self._at_once = MOST  # halved while Kafka refuses one of them, until that one is alone

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
                **self._kafka.options(),
                transactional_id=TRANSACTIONAL_ID,
                acks="all",
                linger_ms=LINGER_MS,
                max_batch_size=BATCH_BYTES,
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
            while published := await self._publish(connection, producer):
                if published < self._at_once:
                    await asyncio.sleep(GATHER_MANY_SECONDS if published >= MANY else GATHER_SECONDS)
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await woken.wait()
            except TimeoutError:  # a dead connection must not keep the lock in our mind, nor a live one lose it
                await connection.execute(text(_FORGET), {"most": MOST_FORGOTTEN})

    async def _publish(self, connection: AsyncConnection, producer: AIOKafkaProducer) -> int:
        """Publish the oldest waiting messages in one Kafka transaction, then mark them. How many there were."""
        rows = (await connection.execute(text(_WAITING), {"most": self._at_once, "bytes": MOST_BYTES})).all()
        if not rows:
            return 0
        try:
            await self._send(producer, [self._record(row) for row in rows])
        except REFUSALS as error:
            self._note(rows, error)
            raise  # a producer that was refused something has lost count and is of no use any more
        await connection.execute(text(_MARK), {"ids": [row.id for row in rows]})
        for row in rows:
            metrics.PUBLISHED.labels(row.topic).inc()
            if self._refused.pop(row.id, None):
                metrics.CUT.labels(row.topic).inc()
        self._at_once = min(MOST, 2 * self._at_once)
        return len(rows)

    def _note(self, rows: Sequence[Row[Any]], error: KafkaError) -> None:
        """Send half as many next time; one that is refused alone goes to the quarantine, as much as fits."""
        self._at_once = max(1, len(rows) // 2)
        if len(rows) == 1:
            log.error("message-refused", outbox_id=rows[0].id, topic=rows[0].topic, error=first_line(error))
            self._refused[rows[0].id] = error

    def _record(self, row: Row[Any]) -> Record:
        error = self._refused.get(row.id)
        return _whole(row) if error is None else _cut(row, error)

    @staticmethod
    async def _send(producer: AIOKafkaProducer, records: list[Record]) -> None:
        async with producer.transaction():  # waited for inside: one that is refused must end it, not its commit
            sent = [
                await producer.send_batch(batch.builder, batch.topic, partition=batch.partition)
                async for batch in packed(producer, records)
            ]
            faults = [said for said in await asyncio.gather(*sent, return_exceptions=True) if said is not None]
            for fault in sorted(faults, key=lambda fault: not isinstance(fault, REFUSALS)):
                if isinstance(fault, BaseException):
                    raise fault  # a refusal first: the others are what came of it


def _whole(row: Row[Any]) -> Record:
    headers = [(name, value.encode()) for name, value in msgspec.json.decode(row.headers).items()]
    return Record(row.topic, row.key, row.value, [*headers, _outbox_id(row)], row.id)


def _outbox_id(row: Row[Any]) -> tuple[str, bytes]:
    return "outbox-id", str(row.id).encode()


def _cut(row: Row[Any], error: Exception) -> Record:
    """What the quarantine gets of a message that Kafka refuses for its topic."""
    said = msgspec.json.decode(row.headers).get("reason", "")
    named = headers_of(
        reason=f"cut to {CUT_BYTES} bytes, since Kafka refused it for {row.topic}: {first_line(error)[:200]}; {said}",
        origin=f"scoring.outbox {row.id}",
        first_seen=row.created_at,
        door="scoring",
        kind="too-large",
    )
    headers = [(name, value.encode()) for name, value in named.items()]
    return Record(QUARANTINE.name, None, row.value[:CUT_BYTES], [*headers, _outbox_id(row)], row.id)


_WAITING = """
select id, topic, key, value, headers, created_at
from (
    select *, sum(octet_length(value) + octet_length(headers)) over (order by id) - octet_length(value) as before
    from (select * from scoring.outbox where published_at is null order by id limit :most) oldest
) waiting
where before <= :bytes order by id
"""
# The oldest rows by id only: no index on published_at is needed, and nothing is searched in vain.
_FORGET = f"""
delete from scoring.outbox o using (select id from scoring.outbox order by id limit :most) as oldest
where o.id = oldest.id and o.published_at < now() - interval '{KEPT}'
"""
_MARK = "update scoring.outbox set published_at = now() where id = any(cast(:ids as bigint[]))"
