"""The quarantine's index: what the topic holds, once a thing, beside how far the topic was read."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.ingest.adapters.traffic import Key, add_refused, minute_of
from services.ingest.domain.failing import OVER_AFTER, counted_as
from services.ingest.domain.kept import Kept, written

MOST_SWEPT = 1000


class Overtaken(Exception):
    """Another keeper has written since: nothing of ours was."""


async def offsets(connection: AsyncConnection, topic_ids: set[bytes]) -> dict[int, int]:
    """Which message of each partition comes next; none of those of a topic that had this name before."""
    rows = await connection.execute(text("select partition, topic_id, next_offset from ingest.quarantine_offsets"))
    return {row.partition: row.next_offset for row in rows if not topic_ids or bytes(row.topic_id) in topic_ids}


async def begin(connection: AsyncConnection, partition: int, topic_ids: set[bytes], offset: int) -> None:
    """Read this partition from here on."""
    topic_id = min(topic_ids, default=b"")
    await connection.execute(text(_BEGIN), {"partition": partition, "topic_id": topic_id, "offset": offset})


async def keep(
    connection: AsyncConnection,
    messages: Sequence[Kept],
    *,
    partition: int,
    read_from: int,
    read_to: int,
    now: datetime,
) -> None:
    """All of them and how far the partition was read, in the caller's transaction. Raises Overtaken."""
    values = {"partition": partition, "from": read_from, "to": read_to}
    if not (await connection.execute(text(_ADVANCE), values)).rowcount:
        raise Overtaken
    if messages:
        await connection.execute(text(_KEEP), [_row(message) for message in messages])
        await _count(connection, messages, now - OVER_AFTER)


async def sweep(connection: AsyncConnection, before: datetime) -> int:
    """Delete, not all at once, what was last seen before; how many there were."""
    values = {"before": before, "most": MOST_SWEPT}
    return int((await connection.execute(text(_SWEEP), values)).rowcount)


async def _count(connection: AsyncConnection, messages: Sequence[Kept], since: datetime) -> None:
    """What is read again of long ago says nothing about how a source does now."""
    refused: Counter[Key] = Counter()
    reasons: dict[Key, str] = {}
    for message in messages:
        if message.first_seen >= since:
            source = counted_as(message.door, message.source)
            key = message.door, source, minute_of(message.first_seen)
            refused[key] += 1
            reasons[key] = message.reason
    await add_refused(connection, refused, reasons)


def _row(message: Kept) -> dict[str, Any]:
    names = ("door", "source", "origin", "reason", "kind", "content_type", "authentic", "value")
    return {
        **{name: getattr(message, name) for name in names},
        "digest": message.digest(),
        "problems": msgspec.json.encode(message.problems).decode(),
        "headers": written(message.headers).decode(),
        "seen": message.first_seen,
    }


_BEGIN = """
insert into ingest.quarantine_offsets as o (partition, topic_id, next_offset) values (:partition, :topic_id, :offset)
on conflict (partition) do update set topic_id = excluded.topic_id, next_offset = excluded.next_offset
"""
_ADVANCE = """
update ingest.quarantine_offsets set next_offset = :to where partition = :partition and next_offset = :from
"""
# What was replayed, and came again since, waits again; what was dismissed stays so, whoever sends it once more.
_KEEP = """
insert into ingest.quarantine as q (digest, door, source, origin, reason, kind, problems, content_type, authentic,
    first_seen, last_seen, value, headers)
values (:digest, :door, :source, :origin, :reason, :kind, :problems, :content_type, :authentic, :seen, :seen, :value,
    :headers)
on conflict (digest) do update set
    times = q.times + 1,
    first_seen = least(q.first_seen, excluded.first_seen),
    last_seen = greatest(q.last_seen, excluded.last_seen),
    reason = excluded.reason,
    kind = excluded.kind,
    problems = excluded.problems,
    state = case when q.state = 'replayed' and excluded.last_seen > q.settled_at then 'waiting' else q.state end,
    settled_at = case when q.state = 'replayed' and excluded.last_seen > q.settled_at then null else q.settled_at end
"""
# Index: quarantine_by_age.
_SWEEP = """
delete from ingest.quarantine where id in (select id from ingest.quarantine where last_seen < :before limit :most)
"""
