"""Reads `voc.events` and hands it on in batches, on as many lanes as the settings say; stops a partition, with a
sentence, rather than skip anything."""

import asyncio
from collections.abc import Iterable

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from services.scoring import metrics
from services.scoring.adapters.offsets import Offsets
from services.scoring.domain.continuity import Span, broken_by_record, broken_by_span
from services.scoring.entrypoints.batch import Batches, Chunk, Record, TooMuchPoison, fingerprint
from services.scoring.entrypoints.outcome import AWAY, Outcome
from shared.errors import first_line
from shared.kafka.topic_id import TopicIds

log = structlog.get_logger(__name__)

POLL_MS = 200
LETTING_GO_SECONDS = 8.0  # shorter than a rebalance waits for us; the compare-and-set holds beyond it
MADE_AGAIN = (
    "the topic was deleted and made again while it was read; bring the old topic back, or use an empty database"
)


class Worker(ConsumerRebalanceListener):  # type: ignore[misc]
    """One member of the group. `halted` says, by partition, why it is not read on."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        topic_ids: TopicIds,
        offsets: Offsets,
        batches: Batches,
        *,
        topic: str,
        cluster: str,
        lanes: int,
        most: int,
    ) -> None:
        self._consumer = consumer
        self._topic = topic
        self._topic_ids = topic_ids
        self._offsets = offsets
        self._batches = batches
        self._cluster = cluster
        self._most = most
        self._lanes = [asyncio.Lock() for _ in range(lanes)]
        self._generation = 0
        self._held: list[TopicPartition] = []
        self._polling: dict[int, int] = {}  # lane → the generation that it polls for
        self._made: dict[int, set[bytes]] = {}  # the topic's id when the partition was taken up
        self._expected: dict[int, int] = {}
        self._to_check: dict[int, tuple[int, int, bytes]] = {}
        self._holes: dict[int, int] = {}
        self.halted: dict[int, str] = {}

    @property
    def reads(self) -> bool:
        """Whether it has partitions, found all of them to be the ones that were read before, and stopped none."""
        sound = all(tp.partition in self._expected and tp.partition not in self._to_check for tp in self._held)
        return bool(self._held) and sound and not self.halted

    def reading(self) -> dict[TopicPartition, int]:
        """How far each partition is folded that is read now."""
        return {tp: self._expected[tp.partition] for tp in self._held if tp.partition in self._expected}

    @property
    def held(self) -> list[TopicPartition]:
        """Its partitions, also those that are not read now."""
        return list(self._held)

    async def run(self) -> None:
        """Read until cancelled."""
        self._consumer.subscribe([self._topic], listener=self)
        async with asyncio.TaskGroup() as group:
            for lane in range(len(self._lanes)):
                group.create_task(self._lane(lane))

    async def still_the_same(self, partitions: Iterable[int]) -> None:
        """Stop partitions of a topic that was made again since they were taken up, before anything of it is folded."""
        generation, held = self._generation, [p for p in partitions if p in self._made]
        now = await self._topic_ids.of(held)
        for partition in held if generation == self._generation else ():
            if now and self._made[partition] not in (now, set()) and partition not in self.halted:
                self._halt(partition, MADE_AGAIN)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let running transactions end, for a while; what is still running then is void by the compare-and-set."""
        self._generation += 1
        self._held = []
        try:
            async with asyncio.timeout(LETTING_GO_SECONDS):
                for lane in self._lanes:
                    async with lane:
                        pass
        except TimeoutError:
            log.warning("revoked-while-writing")

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Nothing is fetched before the lanes have found where to go on; the database may be away just now."""
        self._generation += 1
        self._expected.clear()
        self._to_check.clear()
        self.halted.clear()
        metrics.HALTED.set(0)
        for partition in assigned:
            self._consumer.seek(partition, 0)
            self._consumer.pause(partition)
        self._held = sorted(assigned)
        log.info("partitions-assigned", partitions=[p.partition for p in self._held])

    async def _lane(self, lane: int) -> None:
        while True:
            generation = self._generation
            mine = [p for p in self._held[lane :: len(self._lanes)] if p.partition not in self.halted]
            try:
                if mine:
                    await self._turn(lane, mine, generation)
                else:
                    await asyncio.sleep(0.1)
            except OffsetOutOfRangeError as error:
                for partition in error.args[0]:
                    self._halt(
                        partition.partition, "its offsets are gone: the topic was made again or its events deleted"
                    )
            except AWAY as error:
                log.warning("lane-waits", lane=lane, error=first_line(error))
                if generation == self._generation:
                    self._let_go(p.partition for p in mine)
                await asyncio.sleep(0.5)

    def _let_go(self, partitions: Iterable[int]) -> None:
        """Take these up anew from what is stored: records may have left the consumer without being folded."""
        for partition in partitions:
            self._expected.pop(partition, None)

    async def _turn(self, lane: int, mine: list[TopicPartition], generation: int) -> None:
        if any(polling != generation for polling in self._polling.values()):
            await asyncio.sleep(0.02)  # its partitions may be ours now, and it would take records away and drop them
            return
        for partition in mine:
            if partition.partition not in self._expected:
                await self._take_up(partition, generation)
        if generation != self._generation:
            return
        ready = [p for p in mine if p.partition in self._expected and p.partition not in self.halted]
        if not ready:
            await asyncio.sleep(0.05)
            return
        self._polling[lane] = generation
        try:
            got = await self._consumer.getmany(*ready, timeout_ms=POLL_MS, max_records=self._most)
        finally:
            del self._polling[lane]
        if got:
            async with self._lanes[lane]:  # not while polling: that waits for the assignment, which waits for us
                await self._handle(got, generation)

    async def _handle(self, got: dict[TopicPartition, list[Record]], generation: int) -> None:
        if generation != self._generation:
            return
        ends = {tp.partition: await self._consumer.position(tp) for tp in got}
        await self.still_the_same(ends)
        records = [record for tp, batch in got.items() for record in self._checked(tp.partition, batch)]
        ends = {record.partition: ends[record.partition] for record in records}
        if not records or generation != self._generation:
            return
        chunk = Chunk(records, {partition: self._expected[partition] for partition in ends}, ends)
        try:
            outcome = await self._batches.handle(chunk)
        except TooMuchPoison as error:
            if generation == self._generation:
                self._halt(error.partition, str(error))
                self._let_go(ends)
            return
        if generation != self._generation:
            return
        if outcome is Outcome.HANDLED:
            self._expected.update(ends)
        else:
            self._let_go(ends)
            await asyncio.sleep(1)

    async def _take_up(self, tp: TopicPartition, generation: int) -> None:
        """Find where to go on in a partition, and that it is the one that was read before."""
        made = await self._topic_ids.of([tp.partition])
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
        self._made[tp.partition] = made
        self._expected[tp.partition] = bookmark.next_offset

    def _checked(self, partition: int, batch: list[Record]) -> list[Record]:
        """What of the batch is to be folded: nothing if the partition is another than the one that was read before,
        or if a part seems to be missing; without the record that was read again to be compared."""
        if partition in self.halted or not batch:
            return []
        known = self._to_check.pop(partition, None)
        if known is not None:
            fault = broken_by_record(known, (batch[0].offset, batch[0].timestamp, fingerprint(batch[0])))
            if fault is not None:
                self._halt(partition, fault)
                return []
            batch = batch[1:]
        return batch if not batch or self._follows(partition, batch[0].offset) else []

    def _follows(self, partition: int, offset: int) -> bool:
        """Whether nothing is missing before `offset`. Where the log itself has nothing there (markers of transactions),
        reading again from what is stored finds the same hole."""
        expected = self._expected[partition]
        if offset == expected or self._holes.pop(partition, None) == expected:
            return True
        log.warning("hole-read-again", partition=partition, begin=expected, end=offset)
        self._holes[partition] = expected
        self._let_go([partition])
        return False

    def _halt(self, partition: int, reason: str) -> None:
        self.halted[partition] = f"{self._topic} partition {partition} stopped: {reason}"
        metrics.HALTED.set(len(self.halted))
        log.error("partition-stopped", partition=partition, reason=reason)
        tp = TopicPartition(self._topic, partition)
        if tp in self._consumer.assignment():
            self._consumer.pause(tp)
