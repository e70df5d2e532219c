"""Whether a partition is still the one that was read before: a recreated topic has offsets too, and no error tells."""

from typing import NamedTuple


class Span(NamedTuple):
    """What Kafka holds of a partition now: from `begin` up to, not including, `end`."""

    begin: int
    end: int


def broken_by_span(span: Span, next_offset: int, *, known_cluster: str, cluster: str) -> str | None:
    """Why reading on at `next_offset` would skip or mix events; None if it would not."""
    if known_cluster != cluster:
        return (
            f"this is Kafka cluster {cluster}, the offsets are of cluster {known_cluster}: point "
            "VOC_KAFKA_BOOTSTRAP_SERVERS at the cluster that was read before, or use an empty database"
        )
    if span.end < next_offset:
        return (
            f"it ends at offset {span.end} but was read up to {next_offset}: the topic was made again or cut; "
            "bring the old topic back, or use an empty database"
        )
    if span.begin > next_offset:
        return (
            f"events {next_offset} to {span.begin - 1} were deleted by retention before they were read: "
            "to go on without them, set next_offset in scoring.offsets by hand"
        )
    return None


def broken_by_record(known: tuple[int, int, bytes], found: tuple[int, int, bytes]) -> str | None:
    """Compare the last record that was read, (offset, timestamp, fingerprint), with what stands there now."""
    if known == found:
        return None
    return (
        f"the record at offset {known[0]} is not the one that was read there: the topic was made again; "
        "bring the old topic back, or use an empty database"
    )
