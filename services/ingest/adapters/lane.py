"""The way to one partition: one group is on its way, the next one gathers meanwhile."""

import asyncio
from collections import deque
from collections.abc import Sequence
from time import monotonic

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownTopicOrPartitionError
from prometheus_client import Counter

from services.ingest import metrics
from services.ingest.adapters.departure import Departure
from services.ingest.adapters.group import RECORD_BYTES, Group, Headers
from services.ingest.domain.not_now import NotNow

log = structlog.get_logger(__name__)


class Waiting:
    """How much waits for Kafka, over all lanes, and how much may."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self.events = 0
        self.bytes = 0

    def add(self, size: int) -> None:
        """One record more. Raises NotNow when no more may wait."""
        if self.bytes > self._most_bytes:
            raise NotNow("full")
        self.events += 1
        self.bytes += size

    def add_all(self, records: Sequence[tuple[bytes, bytes]]) -> None:
        """So many more. Raises NotNow when no more may wait."""
        if self.bytes > self._most_bytes:
            raise NotNow("full")
        self.events += len(records)
        self.bytes += sum([len(key) + len(value) for key, value in records]) + RECORD_BYTES * len(records)


class Lane:
    """A partition's groups, in order. Nothing overtakes: what one customer sent first is first in Kafka."""

    def __init__(
        self,
        producer: AIOKafkaProducer,
        topic: str,
        partition: int,
        *,
        departure: Departure,
        waiting: Waiting,
        counted: Counter,
    ) -> None:
        self.name = f"{topic}[{partition}]"
        self._departure = departure
        self._counted = counted
        self._producer = producer
        self._topic = topic
        self._partition = partition
        self._waiting = waiting
        self._gathering: deque[Group] = deque()
        self._on_its_way: Group | None = None
        self._woken = asyncio.Event()

    @property
    def stalled(self) -> bool:
        """Whether Kafka has had a group for longer than it is waited for: nothing more is taken until it answers."""
        return self._on_its_way is not None and self._on_its_way.done.done()

    def put(self, key: bytes | None, value: bytes, headers: Headers) -> "asyncio.Future[bool]":
        """Queue a record. What comes back tells whether Kafka has it, for all records of a group alike.

        Raises NotNow when the partition is stalled, or too much waits.
        """
        if self._on_its_way is not None and self._on_its_way.done.done():
            raise NotNow("stalled")
        size = len(value) + len(key or b"") + RECORD_BYTES
        if headers:
            size += sum(len(name) + len(text) for name, text in headers)
        self._waiting.add(size)
        group = self._gathering[-1] if self._gathering else None
        if group is None or not group.add(key, value, headers, size):
            group = self._opened()
            group.add(key, value, headers, size)
        return group.done

    def put_all(self, records: Sequence[tuple[bytes, bytes]]) -> "set[asyncio.Future[bool]]":
        """Queue (key, value) after (key, value) as `put` does, without headers; they may go into several groups."""
        if self.stalled:
            raise NotNow("stalled")
        self._waiting.add_all(records)
        group = self._gathering[-1] if self._gathering else self._opened()
        taken, groups = group.add_all(records), {group.done}
        while taken < len(records):
            group = self._opened()
            taken += group.add_all(records[taken:])
            groups.add(group.done)
        return groups

    async def run(self) -> None:
        """Send group after group until cancelled. Raises KafkaError when the producer is of no more use.

        Between an acknowledgement and the next `send_batch` nothing but the departure is awaited, so all partitions of
        a broker are in its next request together.
        """
        while True:
            if not self._gathering:
                self._woken.clear()
                await self._woken.wait()
            await self._departure.wait()
            if not self._gathering:
                continue  # it was given up meanwhile
            group = self._on_its_way = self._gathering.popleft()
            self._departure.left()
            try:
                await (await self._sent(group))
            finally:
                self._departure.back()
            self._settle(group, acknowledged=True)
            self._on_its_way = None

    def _opened(self) -> Group:
        """A new group, the last in line. What it is opened for has to go into it at once: it may leave next."""
        group = Group(self._producer.create_batch())
        self._gathering.append(group)
        self._woken.set()
        return group

    async def _sent(self, group: Group) -> "asyncio.Future[object]":
        try:
            sent: asyncio.Future[object] = await self._producer.send_batch(
                group.builder, self._topic, partition=self._partition
            )
        except AssertionError as error:  # aiokafka's way to say so
            raise UnknownTopicOrPartitionError(f"{self.name} is gone") from error
        return sent

    def end(self) -> None:
        """Tell everybody who still waits that it did not work: this producer sends nothing more."""
        self._give_up(float("inf"))

    def expire(self, opened_before: float) -> None:
        """Tell those who have waited since before that instant (monotonic) that it did not work.

        What had not been sent is dropped; what is on its way may still arrive, and counts once with its repetition.
        """
        oldest = self._on_its_way or (self._gathering[0] if self._gathering else None)
        if oldest is None or oldest.opened_at >= opened_before:
            return
        if not oldest.done.done():
            log.warning(
                "not-acknowledged", partition=self.name, waited_seconds=round(monotonic() - oldest.opened_at, 1)
            )
        self._give_up(opened_before)

    def _give_up(self, opened_before: float) -> None:
        if self._on_its_way is not None and self._on_its_way.opened_at < opened_before:
            self._settle(self._on_its_way, acknowledged=False)
        while self._gathering and self._gathering[0].opened_at < opened_before:
            self._settle(self._gathering.popleft(), acknowledged=False)

    def _settle(self, group: Group, *, acknowledged: bool) -> None:
        if not group.settle(acknowledged):
            if acknowledged:
                log.info("acknowledged-late", partition=self.name, records=group.records)
            return
        self._waiting.events -= group.records
        self._waiting.bytes -= group.bytes
        if acknowledged:
            self._counted.inc(group.records)
            metrics.ACKNOWLEDGED_SECONDS.observe(monotonic() - group.opened_at)
