"""How clients of Kafka are left: in good order, but not for the sake of order until Kafka comes back."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiokafka.errors import KafkaError

from shared.errors import first_line

log = structlog.get_logger(__name__)

SECONDS = 3.0


async def in_good_time(stop: Callable[[], Awaitable[object]]) -> None:
    """Stop something that may wait for Kafka, and give it up after a while: nothing depends on a good end."""
    try:
        async with asyncio.timeout(SECONDS):
            await stop()
    except (KafkaError, OSError) as error:
        log.info("left-without-waiting", error=first_line(error))
