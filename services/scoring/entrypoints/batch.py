"""One batch, one transaction: decode, drop what was seen, load, fold, save. Poison is found by halving."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from time import perf_counter
from traceback import format_tb
from typing import Any

import structlog

from services.scoring import metrics
from services.scoring.adapters.heard import Ear
from services.scoring.adapters.outbox import Message
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.store import Advance, Store, Transaction
from services.scoring.domain.answers import instances_of_parts
from services.scoring.domain.arrival import Arrival, RulesAt, arrive
from services.scoring.domain.fold import fold
from services.scoring.domain.instance import instances_of
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.off_map import how_many
from services.scoring.domain.silence import voices
from services.scoring.entrypoints.outcome import Outcome, may_be_its_own, outcome_of
from shared.clock import now
from shared.errors import VocError, first_line
from shared.events.event import Event
from shared.events.read import read
from shared.events.refusal import Problem, Refused
from shared.events.set_aside import Kind
from shared.kafka.quarantine import headers_of, key_of
from shared.kafka.topics import QUARANTINE

log = structlog.get_logger(__name__)

Record = Any
"""aiokafka's ConsumerRecord: topic, partition, offset, timestamp (ms), key, value, headers."""

MOST_POISON_IN_A_ROW = 20
MOST_REPEATS_AS_IT_IS = 3  # of a batch whose own size or content may be what fails
SLOWEST_RETRY_SECONDS = 5.0
OLD = timedelta(hours=1)  # an event that is older is history that somebody sends, and no news
_EPOCH = datetime.fromtimestamp(0, UTC)


class Chunk:
    """Records of one or more partitions that are folded together; `expected` and `next_offset` by partition."""

    def __init__(self, records: list[Record], expected: dict[int, int], next_offset: dict[int, int]) -> None:
        self.records = records
        self.expected = expected
        self.next_offset = next_offset

    def advances(self, *, old_applied_at: datetime | None = None) -> list[Advance]:
        """What to move on, in order of partitions."""
        last = {record.partition: record for record in self.records}
        return [
            Advance(
                partition,
                self.expected[partition],
                self.next_offset[partition],
                record.offset,
                record.timestamp,
                fingerprint(record),
                old_applied_at,
            )
            for partition, record in sorted(last.items())
        ]

    def halves(self) -> tuple["Chunk", "Chunk"]:
        """The first half and the rest; a partition that is in both is read on where the first half ends."""
        middle = len(self.records) // 2
        first, rest = self.records[:middle], self.records[middle:]
        begun = {record.partition: record.offset + 1 for record in first}
        still = {record.partition for record in rest}
        ends = {
            partition: end if partition in still else self.next_offset[partition] for partition, end in begun.items()
        }
        return (
            Chunk(first, {partition: self.expected[partition] for partition in begun}, ends),
            Chunk(
                rest,
                {partition: begun.get(partition, self.expected[partition]) for partition in still},
                {partition: self.next_offset[partition] for partition in still},
            ),
        )


def _history_at(arrivals: Sequence[Arrival]) -> datetime | None:
    """Now, where an event among them is older than an hour: first decisions wait until a backfill is over."""
    at = now()
    return at if any(arrival.stamp[0] < at - OLD for arrival in arrivals) else None


def fingerprint(record: Record) -> bytes:
    """16 bytes by which a record is known again, whatever it holds."""
    return blake2b(record.value or b"", digest_size=16, key=(record.key or b"")[:64]).digest()


class TooMuchPoison(VocError):
    """So many records of `partition` in a row fail that it is not the records."""

    def __init__(self, partition: int, sentence: str) -> None:
        super().__init__(sentence)
        self.partition = partition


class Batches:
    """Folds chunks until they are handled or dropped."""

    def __init__(self, store: Store, programmes: Programmes, ear: Ear) -> None:
        self._store = store
        self._programmes = programmes
        self._ear = ear
        self._poison_in_a_row: Counter[int] = Counter()  # by partition: one that goes well does not excuse another

    async def handle(self, chunk: Chunk) -> Outcome:
        """HANDLED when everything of the chunk is durable, DROP when somebody else has read it.

        Repeats for ever what passes; what may be the batch's own fault in halves. Raises TooMuchPoison.
        """
        pause, its_own = 0.05, 0
        while True:
            try:
                await self._fold(chunk)
                for partition in chunk.expected:
                    self._poison_in_a_row[partition] = 0
                return Outcome.HANDLED
            except Exception as error:  # the loop's one: every exception has an outcome in the table
                outcome = outcome_of(error)
                if outcome is Outcome.DROP:
                    metrics.DROPPED.inc()
                    log.warning("batch-dropped", reason=str(error))
                    return outcome
                its_own = its_own + 1 if may_be_its_own(error) else 0
                if outcome is Outcome.POISON or (its_own >= MOST_REPEATS_AS_IT_IS and len(chunk.records) > 1):
                    return await self._halve(chunk, error)
                metrics.RETRIED.labels(type(error).__name__).inc()
                self._say_repeated(chunk, error, outcome, alone=its_own >= MOST_REPEATS_AS_IT_IS)
                if outcome is Outcome.REPEAT:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, SLOWEST_RETRY_SECONDS)
            await self._reload()

    @staticmethod
    def _say_repeated(chunk: Chunk, error: Exception, outcome: Outcome, *, alone: bool) -> None:
        """`alone`: one record fails again and again for a cause of its own; it is never given up."""
        if alone:
            record = chunk.records[0]
            log.error("event-repeated", partition=record.partition, offset=record.offset, error=first_line(error))
        else:
            log.warning("batch-repeated", error=first_line(error), outcome=outcome.value)

    async def _reload(self) -> None:
        try:
            await self._programmes.reload()
        except Exception as error:
            if outcome_of(error) is not Outcome.REPEAT:
                raise

    async def _halve(self, chunk: Chunk, error: Exception) -> Outcome:
        if len(chunk.records) == 1:
            return await self._set_aside(chunk, error)
        log.warning("batch-halved", events=len(chunk.records), error=first_line(error))
        first, rest = chunk.halves()
        outcome = await self.handle(first)
        return outcome if outcome is Outcome.DROP else await self.handle(rest)

    async def _set_aside(self, chunk: Chunk, error: Exception) -> Outcome:
        """Send the one poisonous record to the quarantine and go on behind it. Raises TooMuchPoison."""
        record = chunk.records[0]
        self._poison_in_a_row[record.partition] += 1
        if self._poison_in_a_row[record.partition] > MOST_POISON_IN_A_ROW:
            raise TooMuchPoison(
                record.partition,
                f"{MOST_POISON_IN_A_ROW} events in a row could not be folded; the last one: {first_line(error)}. "
                "The fault is not theirs: nothing more is set aside. Mend the cause and start scoring again.",
            ) from error
        reason = f"{type(error).__name__}: {first_line(error)}"
        # Not the whole error: PostgreSQL's tells the row, and that is a customer's.
        where = "".join(format_tb(error.__traceback__))
        log.error("event-set-aside", partition=record.partition, offset=record.offset, error=reason, stack=where)
        message = _quarantined(record, reason, "poison")
        try:
            async with self._store.advancing(chunk.advances(), programme=self._programmes.newest) as transaction:
                await transaction.save(Ledger(), [message])
        except Exception as again:
            return await self._not_set_aside(chunk, again)
        metrics.QUARANTINED.labels("poison").inc()
        return Outcome.HANDLED

    async def _not_set_aside(self, chunk: Chunk, error: Exception) -> Outcome:
        """What passes is tried from the beginning: the record may be good by now."""
        outcome = outcome_of(error)
        if outcome is Outcome.DROP:
            return outcome
        if outcome is Outcome.POISON:
            raise TooMuchPoison(
                chunk.records[0].partition,
                f"an event that cannot be folded cannot be set aside either: {first_line(error)}. "
                "Mend the cause and start scoring again.",
            ) from error
        self._poison_in_a_row[chunk.records[0].partition] -= 1
        if outcome is Outcome.REPEAT:
            await asyncio.sleep(1)
        await self._reload()
        return await self.handle(chunk)

    async def _fold(self, chunk: Chunk) -> None:
        started = perf_counter()
        reading = self._programmes.current  # another lane may replace it while this one waits
        arrivals, refused = self._decode(chunk.records, reading.at)
        ledger = Ledger()
        advances = chunk.advances(old_applied_at=_history_at(arrivals))
        async with self._store.advancing(advances, programme=reading.newest) as transaction:
            fresh = await self._fresh(transaction, arrivals)
            await self._load(transaction, ledger, fresh, reading.at)
            fold(ledger, fresh, reading.at)
            await transaction.save(ledger, refused)
        metrics.BATCH_SECONDS.observe(perf_counter() - started)
        metrics.FOLDED.inc(len(fresh))
        metrics.OFF_MAP.inc(how_many(fresh))
        metrics.DUPLICATES.inc(len(arrivals) - len(fresh))
        metrics.count_told(ledger.told)
        await self._ear.note(voices(ledger.timeline))
        if refused:
            metrics.QUARANTINED.labels("refused").inc(len(refused))

    @staticmethod
    def _decode(records: Sequence[Record], rules_at: RulesAt) -> tuple[list[Arrival], list[Message]]:
        """Arrivals in order, and what is no event as messages to the quarantine."""
        arrivals, refused = [], []
        stamped, received_at = -1, _EPOCH  # producers write many records in a millisecond
        for record in records:
            try:
                event: Event = read(record.value or b"")
            except Refused as error:
                refused.append(_quarantined(record, str(error), "invalid", error.problems))
                continue
            if record.timestamp != stamped:
                stamped, received_at = record.timestamp, datetime.fromtimestamp(record.timestamp / 1000, UTC)
            arrivals.append(arrive(event, received_at, rules_at))
        return arrivals, refused

    @staticmethod
    async def _fresh(transaction: Transaction, arrivals: list[Arrival]) -> list[Arrival]:
        """Each event that was never seen, once, in order."""
        first = {arrival.identity: arrival for arrival in reversed(arrivals)}
        if not first:
            return []
        new = await transaction.new_among(list(first))
        if len(new) == len(arrivals):
            return arrivals
        return [arrival for arrival in arrivals if arrival.identity in new and first[arrival.identity] is arrival]

    @staticmethod
    async def _load(transaction: Transaction, ledger: Ledger, fresh: list[Arrival], rules_at: RulesAt) -> None:
        customers = {arrival.event.customer for arrival in fresh if arrival.event.customer is not None}
        if customers:
            await transaction.load_customers(ledger, customers)
        parts = [arrival for arrival in fresh if arrival.response is not None]
        await transaction.load_responses(ledger, {part.response for part in parts if part.response is not None})
        instances = instances_of(fresh)
        if parts:
            instances |= instances_of_parts(ledger.responses, parts, rules_at)
        await transaction.load_instances(ledger, instances)


def _quarantined(record: Record, reason: str, kind: Kind, problems: Sequence[Problem] = ()) -> Message:
    """The bytes as they came; headers say why, where from and since when."""
    headers = headers_of(
        reason=reason,
        origin=f"{record.topic}[{record.partition}]@{record.offset}",
        first_seen=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        door="scoring",
        kind=kind,
        problems=problems,
    )
    return Message(QUARANTINE.name, key_of(record.value or b""), record.value or b"", headers)
