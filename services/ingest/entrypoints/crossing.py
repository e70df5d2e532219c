"""Carries records of a foreign partition over into `voc.events`, in order; what makes no event, to the quarantine."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

import structlog

from services.ingest import metrics
from services.ingest.adapters.breather import TURN_SECONDS, Breather
from services.ingest.adapters.protections import Protections
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantine import Quarantine
from services.ingest.domain.bridged import Became, Reading, become
from services.ingest.domain.foreign import Foreign
from services.ingest.domain.kafka_binding import CONTENT_TYPE
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.protection import Protection
from services.ingest.domain.rejection import Rejection
from shared.clock import Clock
from shared.events.read import read
from shared.events.refusal import Problem, Refused
from shared.events.set_aside import Door, Kind
from shared.kafka.quarantine import of_record

log = structlog.get_logger(__name__)

WAIT_SECONDS = 0.5
MOST_KEPT_BYTES = 1_000_000  # of a value in the quarantine: with its headers it fits into a message of Kafka


@dataclass
class Carried:
    """How far it went: `last` is the last record that is behind us, `in_a_row` how many up to it made no event.

    All of it is in Kafka when all of `waiting` come back True. `stopped` says why it went no further.
    """

    in_a_row: int
    last: Foreign | None = None
    events: int = 0
    waiting: set["asyncio.Future[bool]"] = field(default_factory=set)
    stopped: str = ""


class Crossing:
    """The way from one source's records to events: nothing is skipped, and Kafka is waited for as long as it takes."""

    def __init__(
        self,
        reading: Reading,
        *,
        publisher: Publisher,
        quarantine: Quarantine,
        breather: Breather,
        protections: Protections,
        clock: Clock,
        taken: Callable[[Door, str], None],
        most_in_a_row: int,
    ) -> None:
        self._reading = reading
        self._publisher = publisher
        self._quarantine = quarantine
        self._breather = breather
        self._protections = protections
        self._clock = clock
        self._taken = taken
        self._most_in_a_row = most_in_a_row
        self._source = reading.source.source

    async def carry(self, records: Iterable[Foreign], *, generation: int, in_a_row: int) -> Carried:
        """Queue what comes of `records`, which are of one partition, until too many in a row make no event."""
        carried = Carried(in_a_row)
        until = 0.0
        for record in records:
            if (at := monotonic()) >= until:
                until = await self._breather.breathe(at - until + TURN_SECONDS if until else 0.0)
            try:
                became = await self._become(record, generation)
            except Refused as refused:
                if carried.in_a_row + 1 >= self._most_in_a_row:
                    carried.stopped = self._too_many(record, refused)
                    break
                await self._set_aside(record, refused, generation, carried)
            else:
                await self._publish(became, carried)
            carried.last = record
        return carried

    async def _become(self, record: Foreign, generation: int) -> Became:
        try:
            became = become(record, self._reading, generation=generation, now=self._clock())
            return await self._protected(became)
        except Refused:
            raise
        except Exception as error:  # the bridge's one: what nobody thought of must not stand in the way of the rest
            log.exception("not-bridged", source=self._source, origin=record.origin)
            raise Refused([Problem("", f"a fault of ours, see the log: {error!r:.200}")]) from error

    async def _protected(self, became: Became) -> Became:
        """Without the personal data that must not be in Kafka; waits while that is not known. Raises Refused."""
        while True:
            protection = self._protections.of(self._source)
            try:
                if protection is None:
                    return became
                size = sum(len(raw) for _, raw in became.events)
                return await self._protections.apart(size, partial(_protected, became, protection))
            except NotNow as reason:
                metrics.BRIDGE_WAITS.labels(self._source, reason.reason).inc()
                await asyncio.sleep(WAIT_SECONDS)

    async def _publish(self, became: Became, carried: Carried) -> None:
        for key, value in became.events:
            carried.waiting.add(await self._until_taken(partial(self._publisher.put, key, value)))
        carried.events += len(became.events)
        self._taken("bridge", self._source)
        if became.dropped is not None:
            metrics.BRIDGE_DROPPED.labels(self._source, became.dropped).inc()
        if became.dropped != "tombstone":
            carried.in_a_row = 0

    async def _set_aside(self, record: Foreign, refused: Refused, generation: int, carried: Carried) -> None:
        rejection = _rejection(record, refused, self._reading, generation)
        carried.waiting.add(await self._until_taken(partial(self._quarantine.put, rejection, self._clock())))
        carried.in_a_row += 1
        metrics.BRIDGE_QUARANTINED.labels(self._source).inc()
        log.info("record-quarantined", source=self._source, origin=record.origin, kind=rejection.kind)

    async def _until_taken(self, put: Callable[[], "asyncio.Future[bool]"]) -> "asyncio.Future[bool]":
        while True:
            try:
                return put()
            except NotNow as reason:
                metrics.BRIDGE_WAITS.labels(self._source, reason.reason).inc()
                await asyncio.sleep(WAIT_SECONDS)

    def _too_many(self, record: Foreign, refused: Refused) -> str:
        return (
            f"{self._most_in_a_row} records in a row make no event, the last one at {record.origin}: {refused!s:.500}"
        )


def _protected(became: Became, protection: Protection) -> Became:
    return became._replace(events=[protection.of_event(raw, read(raw)) for _, raw in became.events])


def _rejection(record: Foreign, refused: Refused, reading: Reading, generation: int) -> Rejection:
    value = record.value or b""
    problems = refused.problems
    kind: Kind = "malformed" if refused.malformed else "invalid" if reading.map is None else "unmapped"
    if len(value) > MOST_KEPT_BYTES:
        kind = "too-large"
        problems = [Problem("", f"cut to {MOST_KEPT_BYTES:,} of its {len(value):,} bytes"), *problems]
    return Rejection(
        raw=value[:MOST_KEPT_BYTES],
        problems=problems,
        source=reading.source.source,
        door="bridge",
        kind=kind,
        at=record.origin,
        content_type=record.header(CONTENT_TYPE) or None,
        proven=None,
        carried=tuple(of_record(record.key, record.headers, timestamp=record.timestamp, generation=generation)),
    )
