"""What is to be published, written in the transaction that decided it; the relay sends it."""

from typing import NamedTuple

import msgspec

from services.scoring.adapters import statements

CHANNEL = "voc_outbox"


class Message(NamedTuple):
    """A Kafka message to be. Headers are text by name."""

    topic: str
    key: bytes | None
    value: bytes
    headers: dict[str, str]


async def put(driver: object, messages: list[Message]) -> None:
    """Write messages and wake the relay at commit. `driver` is an asyncpg connection inside its transaction."""
    columns = (
        [message.topic for message in messages],
        [message.key for message in messages],
        [message.value for message in messages],
        [msgspec.json.encode(message.headers) for message in messages],
    )
    await driver.execute(statements.OUTBOX, *columns)  # type: ignore[attr-defined]
    await driver.execute(f"notify {CHANNEL}")  # type: ignore[attr-defined]
