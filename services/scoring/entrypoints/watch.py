"""Looks after the partitions every few seconds, also when nothing comes: whether the topic is still the same, whether
each partition is somebody's; tells Kafka and Prometheus how far we are."""

import asyncio

import structlog
from aiokafka import AIOKafkaConsumer

from services.scoring import metrics
from services.scoring.adapters.group import Group
from services.scoring.entrypoints.outcome import AWAY
from services.scoring.entrypoints.worker import Worker
from shared.errors import first_line

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0


class Watch:
    """One of these runs beside the worker."""

    def __init__(self, worker: Worker, consumer: AIOKafkaConsumer, group: Group, topic: str) -> None:
        self._worker = worker
        self._consumer = consumer
        self._group = group
        self._topic = topic

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            for look in (self._same_topic, self._everybodys, self._tell):
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

    async def _tell(self) -> None:
        """Commit offsets to Kafka, for its monitoring tools only, and say how far behind we are."""
        reading = self._worker.reading()
        if reading:
            await self._consumer.commit(reading)
            ends = await self._consumer.end_offsets(list(reading))
            metrics.BEHIND.set(sum(max(0, ends[tp] - offset) for tp, offset in reading.items()))
