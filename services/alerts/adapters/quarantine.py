"""Sets a message aside in `voc.quarantine`, with the bytes as they came."""

from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from shared.events.set_aside import Kind
from shared.kafka.quarantine import headers_of, key_of
from shared.kafka.topics import QUARANTINE

CUT_BYTES = 100_000
"""So much is kept of a message that Kafka refuses: with its headers it may be longer than the topic takes."""


class Quarantine:
    """Writes by a producer that bootstrap starts."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def put(self, record: Any, reason: str) -> None:
        """Set aside one of aiokafka's records. Raises KafkaError while Kafka is away."""
        value = record.value or b""
        try:
            await self._send(record, value, reason, "unreadable")
        except MessageSizeTooLargeError:
            await self._send(record, value[:CUT_BYTES], f"cut to {CUT_BYTES} bytes; {reason}", "too-large")

    async def _send(self, record: Any, value: bytes, reason: str, kind: Kind) -> None:
        headers = headers_of(
            reason=reason,
            origin=f"{record.topic}[{record.partition}]@{record.offset}",
            first_seen=datetime.fromtimestamp(record.timestamp / 1000, UTC),
            door="alerts",
            kind=kind,
        )
        named = [(name, text.encode()) for name, text in headers.items()]
        await self._producer.send_and_wait(QUARANTINE.name, value, key_of(value), headers=named)
