"""Waits for what a service needs and is not there yet: Kafka and PostgreSQL may come up after it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiokafka.errors import KafkaError

from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

RETRY_SECONDS = 0.5
T = TypeVar("T")


async def until_it_works(
    what: str, action: Callable[[], Awaitable[T]], *, tell: Callable[[str], None] = lambda _what: None
) -> T:
    """What `action` comes to, once Kafka or PostgreSQL (`what`) lets it; each new reason to wait is logged once.

    `tell` is called at every failure with `what` and why, for a service's /readyz. Other errors are raised.
    """
    said = ""
    while True:
        try:
            return await action()
        except (KafkaError, *AWAY) as error:
            fault = first_line(error)
            tell(f"{what}: {fault}")
            if fault != said:
                log.info("waits", what=what, error=fault)
                said = fault
            await asyncio.sleep(RETRY_SECONDS)
