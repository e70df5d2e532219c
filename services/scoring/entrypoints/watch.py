"""Looks after the partitions every few seconds, also when nothing comes: whether the topic is still the same, whether
each partition is somebody's; tells Kafka and Prometheus how far we are."""

import asyncio

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.scoring import metrics
from services.scoring.adapters.group import Group
from services.scoring.adapters.offsets import Offsets
from services.scoring.entrypoints.outcome import AWAY
from services.scoring.entrypoints.worker import Worker
from shared.errors import first_line

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0


class Watch:
    """One of these runs beside the worker."""

    def __init__(self, worker: Worker, consumer: AIOKafkaConsumer, group: Group, offsets: Offsets, topic: str) -> None:
        self._worker = worker
        self._consumer = consumer
        self._group = group
        self._offsets = offsets
        self._topic = topic

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            for look in (self._same_topic, self._everybodys, self._tell_kafka, self._tell_how_far):
                try:
                    await look()
                except AWAY as error:
                    log.debug("watch-waits", error=first_line(error))

    async def _same_topic(self) -> None:
        reading = self._worker.reading()
        if reading:
            await self._worker.still_the_same([tp.partition for tp in reading])

    async def _everybodys(self) -> None:
        """Ask for a new assignment where partitions are nobody's.

        The group's leader watches for new partitions. But a static leader that was started again is not told that it
        leads: it gets the assignment of before, which may be of a topic that has been made again since, and nobody
        watches. The coordinator lets a leader's request through, and answers others as before.
        """
        assigned = await self._group.assigned()
        partitions: set[int] = self._consumer.partitions_for_topic(self._topic) or set()
        if assigned is not None and partitions - assigned:
            log.info("partitions-are-nobodys", partitions=sorted(partitions - assigned))
            self._consumer._coordinator.request_rejoin()  # aiokafka has no public way

    async def _tell_kafka(self) -> None:
        """Commit offsets to Kafka, for its monitoring tools only."""
        reading = self._worker.reading()
        if reading:
            await self._consumer.commit(reading)

    async def _tell_how_far(self) -> None:
        """Say how far behind we are, on every partition that we hold: also on those that stopped, or wait."""
        held = self._worker.held
        if not held:
            metrics.BEHIND.set(0)
            return
        ends = await self._consumer.end_offsets(held)
        reading = self._worker.reading()
        applied = reading if reading.keys() >= set(held) else await self._stored(held) | reading
        metrics.BEHIND.set(sum(max(0, ends[tp] - applied[tp]) for tp in held))

    async def _stored(self, held: list[TopicPartition]) -> dict[TopicPartition, int]:
        """How far each partition is folded by the database; where it was never read, its beginning."""
        bookmarks = await self._offsets.bookmarks()
        begins: dict[TopicPartition, int] = await self._consumer.beginning_offsets(held)
        return begins | {tp: bookmarks[tp.partition].next_offset for tp in held if tp.partition in bookmarks}
