"""Reads `voc.events` and hands it on in batches, on as many lanes as the settings say; stops a partition, with a
sentence, rather than skip anything."""

import asyncio
from collections.abc import Iterable

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError
from sqlalchemy.exc import SQLAlchemyError

from services.scoring import metrics
from services.scoring.adapters.offsets import Offsets
from services.scoring.domain.continuity import Span, broken_by_record, broken_by_span
from services.scoring.entrypoints.batch import Batches, Chunk, Record, TooMuchPoison, fingerprint
from services.scoring.entrypoints.outcome import Outcome

log = structlog.get_logger(__name__)

POLL_MS = 200
LETTING_GO_SECONDS = 8.0  # shorter than a rebalance waits for us; the compare-and-set holds beyond it
COMMIT_SECONDS = 5.0


class Worker(ConsumerRebalanceListener):  # type: ignore[misc]
    """One member of the group. `halted` says, by partition, why it is not read on."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        topic: str,
        offsets: Offsets,
        batches: Batches,
        *,
        cluster: str,
        lanes: int,
        most: int,
    ) -> None:
        self._consumer = consumer
        self._topic = topic
        self._offsets = offsets
        self._batches = batches
        self._cluster = cluster
        self._most = most
        self._lanes = [asyncio.Lock() for _ in range(lanes)]
        self._generation = 0
        self._expected: dict[int, int] = {}
        self._to_check: dict[int, tuple[int, int, bytes]] = {}
        self.halted: dict[int, str] = {}

    async def run(self) -> None:
        """Read until cancelled."""
        self._consumer.subscribe([self._topic], listener=self)
        async with asyncio.TaskGroup() as group:
            for lane in range(len(self._lanes)):
                group.create_task(self._lane(lane))
            group.create_task(self._tell_kafka())

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let running transactions end, for a while; what is still running then is void by the compare-and-set."""
        self._generation += 1
        try:
            async with asyncio.timeout(LETTING_GO_SECONDS):
                for lane in self._lanes:
                    async with lane:
                        pass
        except TimeoutError:
            log.warning("revoked-while-writing")
        self._expected.clear()
        self._to_check.clear()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Nothing is fetched before the lanes have found where to go on; the database may be away just now."""
        self._generation += 1
        self.halted.clear()
        metrics.HALTED.set(0)
        for partition in assigned:
            self._consumer.seek(partition, 0)
            self._consumer.pause(partition)
        log.info("partitions-assigned", partitions=sorted(p.partition for p in assigned))

    async def _lane(self, lane: int) -> None:
        while True:
            try:
                mine = [p for p in self._consumer.assignment() if p.partition % len(self._lanes) == lane]
                mine = [p for p in mine if p.partition not in self.halted]
                if not mine:
                    await asyncio.sleep(0.1)
                else:
                    await self._turn(lane, mine)
            except OffsetOutOfRangeError as error:
                for partition in error.args[0]:
                    self._halt(
                        partition.partition, "its offsets are gone: the topic was made again or its events deleted"
                    )
            except (KafkaError, SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("lane-waits", lane=lane, error=str(error).splitlines()[0] or type(error).__name__)
                await asyncio.sleep(0.5)

    async def _turn(self, lane: int, mine: list[TopicPartition]) -> None:
        generation = self._generation
        for partition in mine:
            if partition.partition not in self._expected:
                await self._take_up(partition, generation)
        ready = [p for p in mine if p.partition in self._expected and p.partition not in self.halted]
        if generation != self._generation or not ready:
            return
        async with self._lanes[lane]:
            got = await self._consumer.getmany(*ready, timeout_ms=POLL_MS, max_records=self._most)
            if got and generation == self._generation:
                await self._handle(got, generation)

    async def _handle(self, got: dict[TopicPartition, list[Record]], generation: int) -> None:
        ends = {tp.partition: await self._consumer.position(tp) for tp in got}
        records = [record for tp, batch in got.items() for record in self._checked(tp.partition, batch)]
        ends = {record.partition: ends[record.partition] for record in records}
        if not records or generation != self._generation:
            return
        chunk = Chunk(records, {partition: self._expected[partition] for partition in ends}, ends)
        try:
            outcome = await self._batches.handle(chunk)
        except TooMuchPoison as error:
            for partition in ends:
                self._halt(partition, str(error))
            return
        if generation != self._generation:
            return
        if outcome is Outcome.HANDLED:
            self._expected.update(ends)
        else:
            for partition in ends:
                self._expected.pop(partition, None)  # taken up anew from what is stored
            await asyncio.sleep(1)

    async def _take_up(self, tp: TopicPartition, generation: int) -> None:
        """Find where to go on in a partition, and that it is the one that was read before."""
        bookmark = (await self._offsets.bookmarks()).get(tp.partition)
        begin = (await self._consumer.beginning_offsets([tp]))[tp]
        end = (await self._consumer.end_offsets([tp]))[tp]
        if generation != self._generation:
            return
        if bookmark is None:
            await self._offsets.begin(tp.partition, begin, self._cluster)
            return  # the next turn finds the bookmark
        fault = broken_by_span(
            Span(begin, end), bookmark.next_offset, known_cluster=bookmark.cluster_id, cluster=self._cluster
        )
        if fault is not None:
            self._halt(tp.partition, fault)
            return
        start = bookmark.next_offset
        if bookmark.last_offset is not None and bookmark.last_offset >= begin:
            assert bookmark.last_timestamp is not None
            assert bookmark.last_identity is not None
            self._to_check[tp.partition] = (bookmark.last_offset, bookmark.last_timestamp, bookmark.last_identity)
            start = bookmark.last_offset
        self._consumer.seek(tp, start)
        self._consumer.resume(tp)
        self._expected[tp.partition] = bookmark.next_offset

    def _checked(self, partition: int, batch: list[Record]) -> list[Record]:
        """The batch without the record that was read again to be compared; nothing of it if that differs."""
        known = self._to_check.pop(partition, None)
        if known is None or not batch:
            return batch
        found = (batch[0].offset, batch[0].timestamp, fingerprint(batch[0]))
        fault = broken_by_record(known, found)
        if fault is not None:
            self._halt(partition, fault)
            return []
        return batch[1:]

    def _halt(self, partition: int, reason: str) -> None:
        self.halted[partition] = f"{self._topic} partition {partition} stopped: {reason}"
        metrics.HALTED.set(len(self.halted))
        log.error("partition-stopped", partition=partition, reason=reason)
        tp = TopicPartition(self._topic, partition)
        if tp in self._consumer.assignment():
            self._consumer.pause(tp)

    async def _tell_kafka(self) -> None:
        """Commit offsets to Kafka now and then, for its monitoring tools only, and say how far behind we are."""
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            expected = {TopicPartition(self._topic, p): offset for p, offset in self._expected.items()}
            try:
                if expected:
                    await self._consumer.commit(expected)
                    ends = await self._consumer.end_offsets(list(expected))
                    metrics.BEHIND.set(sum(max(0, ends[tp] - offset) for tp, offset in expected.items()))
            except (KafkaError, OSError, ValueError) as error:
                log.debug("offsets-not-committed", error=str(error))
