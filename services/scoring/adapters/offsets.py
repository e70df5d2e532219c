"""How far each partition was read, and by which last record it is known again."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


class Bookmark(NamedTuple):
    """`next_offset` is read next; the last record read is known by offset, Kafka timestamp (ms) and fingerprint."""

    partition: int
    next_offset: int
    cluster_id: str
    last_offset: int | None
    last_timestamp: int | None
    last_identity: bytes | None


class Offsets:
    """The offsets table outside of folding transactions."""

    def __init__(self, engine: AsyncEngine, topic: str) -> None:
        self._engine = engine
        self._topic = topic

    async def bookmarks(self) -> dict[int, Bookmark]:
        """All partitions that were ever read."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(text(_BOOKMARKS), {"topic": self._topic})
            return {row.partition: Bookmark(*row) for row in rows}

    async def begin(self, partition: int, offset: int, cluster_id: str) -> None:
        """Put a bookmark at the beginning of a partition that was never read."""
        values = {"topic": self._topic, "partition": partition, "offset": offset, "cluster_id": cluster_id}
        async with self._engine.begin() as connection:
            await connection.execute(text(_BEGIN), values)


_BOOKMARKS = """
select partition, next_offset, cluster_id, last_offset, last_timestamp, last_identity
from scoring.offsets where topic = :topic
"""
_BEGIN = """
insert into scoring.offsets (topic, partition, next_offset, cluster_id)
values (:topic, :partition, :offset, :cluster_id) on conflict do nothing
"""
