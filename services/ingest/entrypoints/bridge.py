"""Reads one source's topic and has its records carried over, each partition from where the database says.

Exactly once in effect, without transactions of Kafka: a position is stored when everything before it is acknowledged,
what is read again has the same ids, and scoring drops what it has seen. So two processes that read a partition for a
moment do no harm, and none of them moves a position backwards.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from services.ingest import metrics
from services.ingest.adapters.foreign_topic import only
from services.ingest.adapters.positions import Positions, Read
from services.ingest.domain.foreign import Foreign
from services.ingest.domain.taking_up import Found, Last, Position, Start, differs, elsewhere, start
from services.ingest.entrypoints.crossing import Carried, Crossing
from shared.errors import first_line
from shared.kafka.topic_id import TopicIds

log = structlog.get_logger(__name__)

POLL_MS = 200
MOST_RECORDS = 500  # between two positions that are stored
LETTING_GO_SECONDS = 5.0  # shorter than a rebalance waits for us
LEAVING_SECONDS = 1.5  # a process that ends takes the way to Kafka with it
LOOK_SECONDS = 5.0
LATE_SECONDS = 0.5


class Stopped(Exception):
    """Too many records in a row make no event: the sentence says which and why."""


@dataclass
class Part:
    """A partition that is read: `compare` is the record that is read again first."""

    position: Position
    found: Found
    compare: Last | None
    in_a_row: int


class Bridge(ConsumerRebalanceListener):  # type: ignore[misc]
    """One process's share of one source's topic."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        topic_ids: TopicIds,
        positions: Positions,
        crossing: Crossing,
        *,
        source: str,
        topic: str,
        cluster: str,
        latest: bool,
    ) -> None:
        self._consumer = consumer
        self._topic_ids = topic_ids
        self._positions = positions
        self._crossing = crossing
        self._source = source
        self._topic = topic
        self._cluster = cluster
        self._latest = latest
        self._held: list[TopicPartition] = []
        self._parts: dict[TopicPartition, Part] = {}
        self._carrying = asyncio.Lock()
        self._leaving = False

    async def run(self) -> None:
        """Read until cancelled. Raises Stopped, and what Kafka and PostgreSQL raise when they are away."""
        self._consumer.subscribe(pattern=only(self._topic), listener=self)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look())
            group.create_task(self._read())

    async def leave(self) -> None:
        """Take up nothing more, and let what is under way be stored, for a while: whoever comes next repeats little."""
        self._leaving = True
        await self._let_be_stored(LEAVING_SECONDS)

    async def on_partitions_revoked(self, _revoked: Iterable[TopicPartition]) -> None:
        """Let what is under way be stored, for a while, here too."""
        self._held, self._parts = [], {}
        await self._let_be_stored(LETTING_GO_SECONDS)

    async def _let_be_stored(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), self._carrying:
                pass
        except TimeoutError:
            log.info("left-under-way", source=self._source)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Nothing is fetched before it is known where to go on."""
        for partition in assigned:
            self._consumer.seek(partition, 0)
            self._consumer.pause(partition)
        self._held, self._parts = sorted(assigned), {}
        log.info("bridge-assigned", source=self._source, topic=self._topic, partitions=[p.partition for p in assigned])

    async def _read(self) -> None:
        while not self._leaving:
            for tp in list(self._held):
                if tp not in self._parts:
                    await self._take_up(tp)
            if not self._parts:
                await asyncio.sleep(POLL_MS / 1000)
                continue
            try:
                got = await self._consumer.getmany(*self._parts, timeout_ms=POLL_MS, max_records=MOST_RECORDS)
            except OffsetOutOfRangeError as error:
                self._let_go(error.args[0])
                continue
            if got and not self._leaving:
                async with self._carrying:
                    await self._carry(got)

    async def _take_up(self, tp: TopicPartition) -> None:
        """Find where to go on in a partition. It may be somebody else's before that is known."""
        found = await self._found(tp)
        positions = await self._positions.all()
        known = positions.get(tp.partition)
        if found is None or tp not in self._held:
            await asyncio.sleep(LATE_SECONDS)
            return
        if known is None:
            await self._begin(tp, found, latest=self._latest and not positions)
            return  # the next turn finds it
        decided = start(known, found)
        if decided.said:
            await self._move(tp, known, decided, found)
            return
        if known.topic_id is None and found.topic_id is not None:
            await self._positions.learn(tp.partition, found.topic_id)
        if tp in self._held:
            self._consumer.seek(tp, decided.offset if decided.compare is None else decided.compare.offset)
            self._consumer.resume(tp)
            self._parts[tp] = Part(known, found, decided.compare, known.in_a_row)

    async def _begin(self, tp: TopicPartition, found: Found, *, latest: bool) -> None:
        """Begin a partition that was never read. Where only what comes from now on is wanted, all of them at once: one
        that is added later is read from its beginning."""
        if not latest:
            await self._positions.begin({tp.partition: found.begin}, found)
            return
        partitions = self._consumer.partitions_for_topic(self._topic) or {tp.partition}
        ends = await self._consumer.end_offsets([TopicPartition(self._topic, p) for p in partitions])
        await self._positions.begin({one.partition: end for one, end in ends.items()}, found)

    async def _found(self, tp: TopicPartition) -> Found | None:
        """What Kafka holds of it; None while the topic is being made again, and its leaders do not agree."""
        ids = await self._topic_ids.of([tp.partition])
        if len(ids) > 1:
            return None
        begin = (await self._consumer.beginning_offsets([tp]))[tp]
        end = (await self._consumer.end_offsets([tp]))[tp]
        return Found(begin, end, self._cluster, next(iter(ids), None))

    async def _move(self, tp: TopicPartition, known: Position, decided: Start, found: Found) -> None:
        """Go on elsewhere in a partition, and say so; the next turn takes it up there."""
        self._let_go([tp])
        if not await self._positions.move(tp.partition, known, decided, found):
            return
        metrics.BRIDGE_LOST.labels(self._source).inc(decided.lost)
        metrics.BRIDGE_MADE_AGAIN.labels(self._source).inc(decided.generation - known.generation)
        log.warning(
            "bridge-goes-on-elsewhere", source=self._source, topic=self._topic, partition=tp.partition, why=decided.said
        )

    async def _carry(self, got: dict[TopicPartition, list[Any]]) -> None:
        parts = {tp: part for tp in got if (part := self._parts.get(tp)) is not None}
        if not await self._still_the_same(parts):
            return
        carried: dict[TopicPartition, Carried] = {}
        for tp, part in parts.items():
            records = await self._to_read(tp, part, [_foreign(record) for record in got[tp]])
            metrics.BRIDGE_READ.labels(self._source).inc(len(records))
            carried[tp] = await self._crossing.carry(
                records, generation=part.position.generation, in_a_row=part.in_a_row
            )
        waiting = {done for one in carried.values() for done in one.waiting}
        if not all([await done for done in waiting]):
            log.warning("bridge-not-acknowledged", source=self._source)
            self._let_go(parts)
            await asyncio.sleep(LATE_SECONDS)
            return
        await self._store(parts, carried)
        stopped = [one.stopped for one in carried.values() if one.stopped]
        if stopped:
            raise Stopped(stopped[0])

    async def _still_the_same(self, parts: dict[TopicPartition, Part]) -> bool:
        """Whether what was just fetched is of the topic that was taken up; if not, all of it is taken up anew."""
        ids = await self._topic_ids.of([tp.partition for tp in parts])
        if not ids or all(ids == {part.found.topic_id} for part in parts.values()):
            return True
        self._let_go(parts)
        return False

    async def _to_read(self, tp: TopicPartition, part: Part, records: list[Foreign]) -> list[Foreign]:
        """The records of a batch that come next, none where the one read again betrays another topic."""
        compare, part.compare = part.compare, None
        if compare is None:
            return records
        first = records[0]
        why = differs(compare, first.offset, first.timestamp, first.digest())
        if why:
            await self._move(tp, part.position, elsewhere(part.position, part.found, why), part.found)
            return []
        return records[1:] if first.offset == compare.offset else records

    async def _store(self, parts: dict[TopicPartition, Part], carried: dict[TopicPartition, Carried]) -> None:
        reads = [
            Read(tp.partition, parts[tp].position.generation, last.offset + 1, _last(last), one.in_a_row)
            for tp, one in carried.items()
            if (last := one.last) is not None
        ]
        if not reads:
            return
        stored = await self._positions.advance(reads)
        metrics.BRIDGE_PUBLISHED.labels(self._source).inc(sum(one.events for one in carried.values()))
        for read in reads:
            tp = TopicPartition(self._topic, read.partition)
            if read.partition not in stored:
                self._let_go([tp])  # somebody else has it, and is further
            elif tp in self._parts:
                self._parts[tp] = Part(
                    parts[tp].position._replace(next_offset=read.next_offset, last=read.last),
                    parts[tp].found,
                    None,
                    read.in_a_row,
                )

    def _let_go(self, partitions: Iterable[TopicPartition]) -> None:
        """Take these up anew from what is stored."""
        for tp in list(partitions):
            self._parts.pop(tp, None)
            if tp in self._consumer.assignment():
                self._consumer.pause(tp)

    async def _look(self) -> None:
        """Every few seconds, ask whether the topic is still there (raises if not), and say how far behind we are: to
        Prometheus, in the database, and to Kafka's own tools."""
        while True:
            await self._topic_ids.of()
            reading = {tp: part.position.next_offset for tp, part in self._parts.items()}
            try:
                await self._tell_how_far(reading)
            except KafkaError as error:  # a rebalance under way, mostly: nobody depends on it
                log.debug("look-waits", source=self._source, error=first_line(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def _tell_how_far(self, reading: dict[TopicPartition, int]) -> None:
        ends: dict[TopicPartition, int] = await self._consumer.end_offsets(list(reading)) if reading else {}
        metrics.BRIDGE_LAG.labels(self._source).set(sum(max(0, ends[tp] - reading[tp]) for tp in ends))
        if reading:
            await self._positions.look({tp.partition: end for tp, end in ends.items()})
            await self._consumer.commit(reading)


def _foreign(record: Any) -> Foreign:
    """As the domain knows it, of aiokafka's."""
    return Foreign(
        record.topic,
        record.partition,
        record.offset,
        record.timestamp,
        record.key,
        record.value,
        tuple(record.headers),
    )


def _last(record: Foreign) -> Last:
    return Last(record.offset, record.timestamp, record.digest())
