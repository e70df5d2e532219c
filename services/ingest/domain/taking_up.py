"""Where a partition of somebody else's topic is read on, and whether it is the one that was read before.

A topic that was made again has offsets too, and no error tells. Unlike scoring, which stops, the bridge goes on with
it: it is not ours, its owner may have had reasons, and its records are new ones. One with the same id was cut, by a
leader that lacked its last records: what stands before was read, what follows are new records at offsets of others.
"""

from typing import NamedTuple


class Last(NamedTuple):
    """The last record that was read: known again by its Kafka timestamp (ms) and digest."""

    offset: int
    timestamp: int
    digest: bytes


class Position(NamedTuple):
    """How far a partition was read: `next_offset` comes next. `topic_id` is None where the broker tells none."""

    generation: int
    next_offset: int
    cluster: str
    topic_id: bytes | None
    last: Last | None
    in_a_row: int = 0


class Found(NamedTuple):
    """What Kafka holds of the partition now: from `begin` up to, not including, `end`."""

    begin: int
    end: int
    cluster: str
    topic_id: bytes | None


class Start(NamedTuple):
    """Where to read on. `said` is why it is not simply the next record; `lost` counts those that nobody read.

    `compare` is to be read again before: only if it is still the same, `offset` comes next.
    """

    generation: int
    offset: int
    compare: Last | None = None
    said: str = ""
    lost: int = 0


def start(known: Position, found: Found) -> Start:
    """Decide by what is known and found."""
    another = _another(known, found)
    if another:
        return elsewhere(known, found, another)
    if found.begin > known.next_offset:
        lost = found.begin - known.next_offset
        said = (
            f"records {known.next_offset} to {found.begin - 1} were deleted by the topic's retention before they were"
            " read; reading went on behind them"
        )
        return Start(known.generation, found.begin, said=said, lost=lost)
    compare = known.last if known.last is not None and known.last.offset >= found.begin else None
    return Start(known.generation, known.next_offset, compare)


def elsewhere(known: Position, found: Found, why: str) -> Start:
    """In the next generation of ids: another topic from its beginning, one that was cut at its end or where we are."""
    generation = known.generation + 1
    if found.topic_id is None or (known.cluster, known.topic_id) != (found.cluster, found.topic_id):
        return Start(generation, found.begin, said=f"{why}: read from its beginning, in generation {generation}")
    offset = max(found.begin, min(known.next_offset, found.end))
    said = f"{why}; its id is the same, so it was cut: read on at offset {offset}, in generation {generation}"
    return Start(generation, offset, said=said)


def differs(compare: Last, offset: int, timestamp: int, digest: bytes) -> str:
    """Why the first record that was read again, from `compare` on, is of another topic; empty where it is not.

    One that stands behind it tells nothing: compaction may have taken the one that is looked for.
    """
    if offset != compare.offset or (timestamp, digest) == (compare.timestamp, compare.digest):
        return ""
    return f"the record at offset {offset} is not the one that was read there"


def _another(known: Position, found: Found) -> str:
    if known.cluster != found.cluster:
        return f"this is Kafka cluster {found.cluster}, and {known.cluster} was read before"
    if known.topic_id is not None and found.topic_id is not None and known.topic_id != found.topic_id:
        return "the topic was deleted and made again"
    if found.end < known.next_offset:
        return f"it ends at offset {found.end} and was read up to {known.next_offset}"
    return ""
