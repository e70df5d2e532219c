"""Reads what scoring tells, a message at a time: taken in one transaction, then committed in Kafka."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.alerts import metrics
from services.alerts.adapters.inbox import Inbox
from shared.clock import Clock
from shared.errors import VocError, first_line
from shared.events.told.envelope import Received, read
from shared.kafka.quarantine import headers_of, key_of
from shared.kafka.topics import CASES, MOMENTS, QUARANTINE, TROUBLES
from shared.postgres.engine import AWAY
from shared.programme.history import NoProgramme

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
        self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, inbox: Inbox, *, most_unreadable: int
    ) -> None:
        self._consumer = consumer
        self._producer = producer
        self._inbox = inbox
        self._most_unreadable = most_unreadable
        self._unreadable_in_a_row = 0
        self.fault: str | None = None

    async def run(self, clock: Clock) -> None:
        """Take messages until cancelled. Stays stopped, with a sentence for /readyz, when too many cannot be read."""
        try:
            while True:
                await self._take(await self._consumer.getone(), clock)
        except TooManyUnreadable as stop:
            self.fault = str(stop)
            log.error("inbox-stopped", reason=self.fault)
            await asyncio.Event().wait()

    async def _take(self, record: Record, clock: Clock) -> None:
        try:
            received = read(record.value or b"")
        except (msgspec.DecodeError, ValueError) as error:  # a ValidationError is a DecodeError
            await self._set_aside(record, error)
        else:
            await self._taken(record, received, clock)
            self._unreadable_in_a_row = 0
        await self._consumer.commit()

    async def _taken(self, record: Record, received: Received, clock: Clock) -> None:
        """Until it is: what passes is tried again, and nothing is read past it."""
        said = ""
        while True:
            try:
                reason = await self._inbox.take(record.topic, received, clock())
                metrics.TAKEN.labels(reason.value).inc()
                log.info("taken", topic=record.topic, subject=received.subject, reason=reason.value)
                return
            except (NoProgramme, *AWAY) as error:
                fault = first_line(error)
                if fault != said:
                    log.warning("inbox-waits", error=fault)
                    said = fault
                await asyncio.sleep(RETRY_SECONDS)

    async def _set_aside(self, record: Record, error: Exception) -> None:
        """To the quarantine, with the bytes as they came."""
        self._unreadable_in_a_row += 1
        if self._unreadable_in_a_row > self._most_unreadable:
            raise TooManyUnreadable(
                f"{self._most_unreadable} messages in a row could not be read; the last one: {first_line(error)}. "
                "The fault is not theirs: nothing more is set aside. Mend the cause and start alerts again."
            )
        headers = headers_of(
            reason=first_line(error),
            origin=f"{record.topic}[{record.partition}]@{record.offset}",
            first_seen=_instant(record.timestamp),
        )
        named = [(name, value.encode()) for name, value in headers.items()]
        value = record.value or b""
        await self._producer.send_and_wait(QUARANTINE.name, value, key_of(value), headers=named)
        metrics.QUARANTINED.labels(record.topic).inc()
        log.error("message-set-aside", origin=headers["origin"], reason=headers["reason"])


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
