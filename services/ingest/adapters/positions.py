"""How far the bridge has read each partition of each source (`ingest.bridge_positions`)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.ingest.domain.bridge_state import Partition
from services.ingest.domain.taking_up import Found, Last, Position, Start


class Read(NamedTuple):
    """What was read of a partition and is in `voc.events`: up to `next_offset`, in this generation."""

    partition: int
    generation: int
    next_offset: int
    last: Last
    in_a_row: int


class Positions:
    """The positions of one source in one topic. Nothing here ever moves one backwards within a generation."""

    def __init__(self, engine: AsyncEngine, source: str, topic: str) -> None:
        self._engine = engine
        self._names = {"source": source, "topic": topic}

    async def all(self) -> dict[int, Position]:
        """By partition, all that were ever read."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(text(_ALL), self._names)
            return {row.partition: _position(row) for row in rows}

    async def begin(self, offsets: Mapping[int, int], found: Found) -> None:
        """Note where partitions begin that were never read; somebody else may just have done so."""
        await self._write(
            _BEGIN,
            partitions=list(offsets),
            offsets=list(offsets.values()),
            cluster=found.cluster,
            topic_id=found.topic_id,
        )

    async def move(self, partition: int, known: Position, start: Start, found: Found) -> bool:
        """Note that reading goes on elsewhere, and why. False where somebody else has moved it since."""
        return await self._write(
            _MOVE,
            partition=partition,
            known_generation=known.generation,
            known_offset=known.next_offset,
            generation=start.generation,
            offset=start.offset,
            cluster=found.cluster,
            topic_id=found.topic_id,
            lost=start.lost,
            said=start.said,
        )

    async def learn(self, partition: int, topic_id: bytes) -> None:
        """Note the topic's id where it was not known."""
        await self._write(_LEARN, partition=partition, topic_id=topic_id)

    async def advance(self, reads: list[Read]) -> set[int]:
        """Note what was read; the partitions of which that is so now. Others are further, or in another generation."""
        columns = {
            "partitions": [read.partition for read in reads],
            "generations": [read.generation for read in reads],
            "offsets": [read.next_offset for read in reads],
            "last_offsets": [read.last.offset for read in reads],
            "timestamps": [read.last.timestamp for read in reads],
            "digests": [read.last.digest for read in reads],
            "in_a_row": [read.in_a_row for read in reads],
        }
        async with self._engine.begin() as connection:
            rows = await connection.execute(text(_ADVANCE), {**self._names, **columns})
            return {row.partition for row in rows}

    async def look(self, ends: Mapping[int, int]) -> None:
        """Note where partitions end now, for whoever asks how far behind the bridge is."""
        await self._write(_LOOK, partitions=list(ends), ends=list(ends.values()))

    async def _write(self, statement: str, **values: Any) -> bool:
        async with self._engine.begin() as connection:
            return bool((await connection.execute(text(statement), {**self._names, **values})).rowcount)


async def partitions_of(engine: AsyncEngine) -> dict[tuple[str, str], list[Partition]]:
    """What is known of all partitions, by source and topic."""
    found: dict[tuple[str, str], list[Partition]] = {}
    async with engine.connect() as connection:
        for row in await connection.execute(text(_STATES)):
            found.setdefault((row.source, row.topic), []).append(
                Partition(
                    partition=row.partition,
                    generation=row.generation,
                    next_offset=row.next_offset,
                    lag=None if row.end_offset is None else max(0, row.end_offset - row.next_offset),
                    lost=row.lost,
                    looked_at=row.looked_at,
                    said=row.said,
                    said_at=row.said_at,
                )
            )
    return found


def _position(row: Row[Any]) -> Position:
    last = None if row.last_offset is None else Last(row.last_offset, row.last_timestamp, row.last_digest)
    return Position(row.generation, row.next_offset, row.cluster_id, row.topic_id, last, row.refused_in_a_row)


_WHICH = "source = :source and topic = :topic"
_ALL = f"""
select partition, generation, next_offset, cluster_id, topic_id, last_offset, last_timestamp, last_digest,
       refused_in_a_row
from ingest.bridge_positions where {_WHICH}
"""
_BEGIN = """
insert into ingest.bridge_positions (source, topic, partition, next_offset, cluster_id, topic_id)
select :source, :topic, partition, next_offset, :cluster, cast(:topic_id as bytea)
from unnest(cast(:partitions as int[]), cast(:offsets as bigint[])) r (partition, next_offset)
on conflict do nothing
"""
_MOVE = f"""
update ingest.bridge_positions
set generation = :generation, next_offset = :offset, cluster_id = :cluster, topic_id = :topic_id,
    last_offset = null, last_timestamp = null, last_digest = null, refused_in_a_row = 0,
    lost = lost + :lost, said = :said, said_at = now()
where {_WHICH} and partition = :partition and generation = :known_generation and next_offset = :known_offset
"""
_LEARN = f"""
update ingest.bridge_positions set topic_id = :topic_id
where {_WHICH} and partition = :partition and topic_id is null
"""
_ADVANCE = """
update ingest.bridge_positions p
set next_offset = r.next_offset, last_offset = r.last_offset, last_timestamp = r.last_timestamp,
    last_digest = r.last_digest, refused_in_a_row = r.in_a_row
from unnest(
    cast(:partitions as int[]), cast(:generations as int[]), cast(:offsets as bigint[]),
    cast(:last_offsets as bigint[]), cast(:timestamps as bigint[]), cast(:digests as bytea[]), cast(:in_a_row as int[])
) r (partition, generation, next_offset, last_offset, last_timestamp, last_digest, in_a_row)
where p.source = :source and p.topic = :topic and p.partition = r.partition and p.generation = r.generation
  and p.next_offset <= r.next_offset
returning p.partition
"""
_STATES = """
select source, topic, partition, generation, next_offset, end_offset, lost, looked_at, said, said_at
from ingest.bridge_positions order by source, topic, partition
"""
_LOOK = """
update ingest.bridge_positions p set end_offset = r.end_offset, looked_at = now()
from unnest(cast(:partitions as int[]), cast(:ends as bigint[])) r (partition, end_offset)
where p.source = :source and p.topic = :topic and p.partition = r.partition
"""
