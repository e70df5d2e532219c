"""Reads what scoring tells, a message at a time: taken in one transaction, then committed in Kafka."""

import asyncio
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from services.alerts import metrics
from services.alerts.adapters.inbox import Inbox
from services.alerts.adapters.quarantine import Quarantine
from services.alerts.entrypoints.reading import What, what_of
from shared.clock import Clock
from shared.errors import VocError, first_line
from shared.events.told.envelope import read
from shared.kafka.topics import CASES, MOMENTS, TROUBLES

log = structlog.get_logger(__name__)

GROUP = "voc-alerts"
TOPICS = (MOMENTS.name, CASES.name, TROUBLES.name)
RETRY_SECONDS = 0.5

Record = Any
"""aiokafka's ConsumerRecord."""


class TooManyUnreadable(VocError):
    """So many messages in a row cannot be read that it is not the messages."""


class Reader:
    """One of these runs in every alerts process; the group shares the partitions."""

    def __init__(
        self, consumer: AIOKafkaConsumer, quarantine: Quarantine, inbox: Inbox, *, most_unreadable: int
    ) -> None:
        self._consumer = consumer
        self._quarantine = quarantine
        self._inbox = inbox
        self._most_unreadable = most_unreadable
        self._unreadable_in_a_row = 0
        self.fault: str | None = None

    async def run(self, clock: Clock) -> None:
        """Take messages until cancelled. Stays stopped, with a sentence for /readyz, when too many cannot be read."""
        try:
            while True:
                await self._one(clock)
        except TooManyUnreadable as stop:
            self.fault = str(stop)
            log.error("inbox-stopped", reason=self.fault)
            await asyncio.Event().wait()

    async def _one(self, clock: Clock) -> None:
        """The next message. What Kafka does not note as read comes again, and is known then."""
        try:
            await self._until_taken(await self._consumer.getone(), clock)
            await self._consumer.commit()
        except KafkaError as error:
            log.warning("inbox-waits", error=first_line(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _until_taken(self, record: Record, clock: Clock) -> None:
        """What passes is tried again, and nothing is read past it; what does not pass is set aside."""
        said = ""
        while True:
            try:
                return await self._take(record, clock)
            except Exception as error:
                if what_of(error) is What.RAISE:
                    raise
                if what_of(error) is What.SET_ASIDE:
                    self._count_unreadable(error)
                    return await self._set_aside(record, error)
                if (fault := first_line(error)) != said:
                    log.warning("inbox-waits", error=fault)
                    said = fault
                await asyncio.sleep(RETRY_SECONDS)

    async def _take(self, record: Record, clock: Clock) -> None:
        received = read(record.value or b"")
        reason = await self._inbox.take(record.topic, received, clock())
        self._unreadable_in_a_row = 0
        metrics.TAKEN.labels(reason.value).inc()
        log.info("taken", topic=record.topic, subject=received.subject, reason=reason.value)

    def _count_unreadable(self, error: Exception) -> None:
        self._unreadable_in_a_row += 1
        if self._unreadable_in_a_row > self._most_unreadable:
            raise TooManyUnreadable(
                f"{self._most_unreadable} messages in a row could not be read; the last one: {first_line(error)}. "
                "The fault is not theirs: nothing more is set aside. Mend the cause and start alerts again."
            )

    async def _set_aside(self, record: Record, error: Exception) -> None:
        """Until the quarantine has it."""
        while True:
            try:
                await self._quarantine.put(record, first_line(error))
                break
            except KafkaError as away:
                log.warning("quarantine-waits", error=first_line(away))
                await asyncio.sleep(RETRY_SECONDS)
        metrics.QUARANTINED.labels(record.topic).inc()
        log.error("message-set-aside", topic=record.topic, offset=record.offset, reason=first_line(error))
