"""Writes events to Kafka: gathered by partition, acknowledged by all replicas, never waited for too long.

aiokafka's producer does not raise during an outage, so the clock is ours; and a batch that it gives up leaves a hole in
its sequence numbers which the broker holds against every later one, so then the producer is replaced.
"""

import asyncio
from collections.abc import Sequence
from time import monotonic

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.ingest import metrics
from services.ingest.adapters.departure import Departure
from services.ingest.adapters.group import NO_HEADERS, Headers
from services.ingest.adapters.lane import Lane, Waiting
from services.ingest.domain.not_now import NotNow
from shared.errors import first_line
from shared.kafka.connection import KafkaSettings
from shared.kafka.partition import partition_of, partitions_of
from shared.kafka.reach import fault, reach
from shared.kafka.topics import EVENTS, QUARANTINE
from shared.waiting import until_it_works

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 0.25
GROW_SECONDS = 5.0  # partitions may be added while we run
RETRY_SECONDS = 0.5
STOP_SECONDS = 3.0
GROUP_BYTES = 1_000_000  # below Kafka's own limit of a message, for topics that were not made by us
REQUEST_MS = 10_000  # how long a broker that says nothing keeps a connection
METADATA_MS = 10_000  # how soon added partitions are known


class Publisher:
    """The lanes to all partitions of `voc.events` and `voc.quarantine`, over one producer."""

    def __init__(self, kafka: KafkaSettings, *, acknowledge_seconds: float, waiting_bytes: int) -> None:
        self._kafka = kafka
        self._seconds = acknowledge_seconds
        self._producer: AIOKafkaProducer | None = None
        self._waits_for = "Kafka"
        self._events: list[Lane] = []
        self._quarantine: list[Lane] = []
        self._departure = Departure()
        self._waiting = Waiting(waiting_bytes)
        metrics.WAITING_EVENTS.set_function(lambda: self._waiting.events)
        metrics.WAITING_BYTES.set_function(lambda: self._waiting.bytes)

    def put(self, key: str, value: bytes) -> "asyncio.Future[bool]":
        """Queue an event in its partition; True comes when Kafka has it, False when it came too late.

        Raises NotNow at once where waiting makes no sense.
        """
        lanes = self._events
        if not lanes:
            raise NotNow("no-kafka")
        encoded = key.encode()
        return lanes[partition_of(encoded, len(lanes))].put(encoded, value, NO_HEADERS)

    def put_all(self, events: Sequence[tuple[str, bytes]]) -> "set[asyncio.Future[bool]]":
        """Queue (key, value) after (key, value) as `put` does; what comes back is of the groups that they went into.

        Raises NotNow, where some of them may be queued: they are sent again, and count once.
        """
        lanes = self._events
        if not events:
            return set()
        if not lanes:
            raise NotNow("no-kafka")
        keys = [key.encode() for key, _ in events]
        shares: list[list[tuple[bytes, bytes]]] = [[] for _ in lanes]
        for partition, key, (_, value) in zip(partitions_of(keys, len(lanes)), keys, events, strict=True):
            shares[partition].append((key, value))
        return set().union(*(lane.put_all(share) for lane, share in zip(lanes, shares, strict=True) if share))

    def set_aside(self, source: str | None, value: bytes, headers: Headers) -> "asyncio.Future[bool]":
        """Queue a message to the quarantine, as `put` does."""
        lanes = self._quarantine
        if not lanes:
            raise NotNow("no-kafka")
        key = None if source is None else source.encode()
        return lanes[partition_of(key or b"", len(lanes))].put(key, value, headers)

    async def check(self) -> str | None:
        """For /readyz: None if Kafka answers and acknowledges."""
        if self._producer is None:
            return f"waiting for {self._waits_for}"
        stalled = [lane.name for lane in (*self._events, *self._quarantine) if lane.stalled]
        if stalled:
            return f"Kafka does not acknowledge what was sent to {', '.join(stalled)}"
        try:
            await self._producer.client.fetch_all_metadata()
        except KafkaError as error:
            return f"Kafka does not answer: {await fault(self._kafka) or first_line(error)}"
        return None

    def waits_for(self, what: str) -> None:
        """What /readyz says while there is no producer."""
        self._waits_for = what

    async def run(self) -> None:
        """Keep a producer at work until cancelled."""
        while True:
            await until_it_works("Kafka", lambda: reach(self._kafka), tell=self.waits_for)
            try:
                await self._produce()
            except* (KafkaError, OSError, TimeoutError) as errors:
                metrics.REPLACED.inc()
                self.waits_for(f"Kafka: {first_line(errors.exceptions[0])}")
                log.warning("producer-replaced", error=[repr(error) for error in errors.exceptions])
            await asyncio.sleep(RETRY_SECONDS)

    async def _produce(self) -> None:
        producer = AIOKafkaProducer(
            **self._kafka.options(),
            acks="all",
            enable_idempotence=True,
            max_batch_size=GROUP_BYTES,
            request_timeout_ms=REQUEST_MS,
            metadata_max_age_ms=METADATA_MS,
        )
        try:
            await producer.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._sweep())
                await self._open(producer, group)
                self._producer = producer
                log.info("kafka-answers", partitions=len(self._events))
                while True:
                    await asyncio.sleep(GROW_SECONDS)
                    await self._open(producer, group)
        finally:
            for lane in (*self._events, *self._quarantine):
                lane.end()
            self._producer, self._events, self._quarantine = None, [], []
            await _stop(producer)

    async def _open(self, producer: AIOKafkaProducer, group: asyncio.TaskGroup) -> None:
        """A lane for each partition there is, also for those that were added since. May wait for Kafka."""
        for topic, lanes, counted in (
            (EVENTS.name, self._events, metrics.ACCEPTED),
            (QUARANTINE.name, self._quarantine, metrics.QUARANTINED),
        ):
            for partition in range(len(lanes), len(await producer.partitions_for(topic))):
                lane = Lane(
                    producer,
                    topic,
                    partition,
                    departure=self._departure,
                    waiting=self._waiting,
                    counted=counted,
                )
                lanes.append(lane)
                group.create_task(lane.run())

    async def _sweep(self) -> None:
        """The one clock: no request has a timer of its own."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            opened_before = monotonic() - self._seconds
            for lane in (*self._events, *self._quarantine):
                lane.expire(opened_before)


async def _stop(producer: AIOKafkaProducer) -> None:
    """Let what is on its way arrive, for a while."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await producer.stop()
    except (TimeoutError, KafkaError):
        await producer.client.close()
