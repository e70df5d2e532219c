"""The topics: names, keys, partitions and retention stand here and nowhere else; docs/asyncapi is made from this."""

from datetime import timedelta

import msgspec

MOST_COPIES = 3


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A topic of the contract. `retention` None keeps for ever (compacted)."""

    name: str
    key: str
    value: str
    compact: bool
    partitions: int
    retention: timedelta | None = None

    def config(self) -> dict[str, str]:
        """Kafka's topic settings for this topic, those apart that depend on the cluster (`in_sync`)."""
        retention = -1 if self.retention is None else int(self.retention.total_seconds() * 1000)
        policy = "compact" if self.compact else "delete"
        return {"cleanup.policy": policy, "retention.ms": str(retention), "max.message.bytes": str(2 * 1024 * 1024)}


def in_sync(copies: int) -> int:
    """How many copies have to have a record before it is acknowledged (ADR 0015): two of three, else one.

    Of two copies one has to do: if both had to, nothing would be taken while a single broker is away.
    """
    return 2 if copies >= MOST_COPIES else 1


EVENTS = Topic(
    name="voc.events",
    key="the event's subject, without one its id",
    value="a CloudEvent 1.0 of one of the four types, structured JSON",
    compact=False,
    partitions=4,
    retention=timedelta(days=30),
)
QUARANTINE = Topic(
    name="voc.quarantine",
    key="source",
    value="the bytes as they came; headers say why, where from, since when, and what a replay needs",
    compact=False,
    partitions=1,
    retention=timedelta(days=90),
)
PERSONAS = Topic(
    name="voc.personas",
    key="customer",
    value="persona and treatment of a customer, on change, with the reasons",
    compact=True,
    partitions=4,
)
MOMENTS = Topic(
    name="voc.moments",
    key="journey/touchpoint",
    value="status of a moment of truth, on change, with the evidence",
    compact=True,
    partitions=1,
)
CASES = Topic(
    name="voc.cases",
    key="customer",
    value="one customer needs help now: a severe answer, a broken promise",
    compact=False,
    partitions=4,
    retention=timedelta(days=30),
)

TROUBLES = Topic(
    name="voc.troubles",
    key="the trouble",
    value="a trouble of the programme itself, for its admin: nothing can be decided, or a source is silent or failing",
    compact=True,
    partitions=1,
)

TOPICS = (EVENTS, QUARANTINE, PERSONAS, MOMENTS, CASES, TROUBLES)
