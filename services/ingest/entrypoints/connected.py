"""Keeps one source's bridge at work, whatever goes away meanwhile, until too many records in a row make no event."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from hashlib import sha256

import msgspec
import structlog
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.ingest.adapters.foreign_topic import cluster_of, consumer
from services.ingest.adapters.positions import Positions
from services.ingest.adapters.stops import Stops
from services.ingest.domain.bridge_state import State
from services.ingest.domain.steadiness import Steadiness
from services.ingest.entrypoints.bridge import Bridge, Stopped
from services.ingest.entrypoints.crossing import Crossing
from shared.clock import Clock
from shared.errors import VocError, first_line
from shared.kafka.connection import KafkaSettings
from shared.kafka.topic_id import TopicIds
from shared.postgres import engine as postgres
from shared.programme.model import Source
from shared.programme.source import FROM, LATEST

log = structlog.get_logger(__name__)

UNREADABLE = (
    "a record has a header whose name is not UTF-8, and Kafka's client cannot read past it: have its owner delete the"
    " records up to it (kafka-delete-records); `voc source list` tells where reading stands"
)
RETRY_SECONDS = 2.0
LEAVING_SECONDS = 3.0
AWAY: tuple[type[Exception], ...] = (KafkaError, *postgres.AWAY)
"""What Kafka and PostgreSQL raise when they are away or refuse: a bridge waits, says so, and looks again."""


def configured(source: Source) -> bytes:
    """16 bytes that change when anything of the source's configuration does, its map included."""
    return sha256(msgspec.json.encode(source, order="deterministic")).digest()[:16]


class Connected:
    """A bridge of this process. `state` and `says` tell how it does now: what it waits for, why it was stopped."""

    def __init__(
        self,
        source: Source,
        *,
        kafka: KafkaSettings,
        engine: AsyncEngine,
        crossing: Callable[[Source], Crossing],
        clock: Clock,
    ) -> None:
        self.source = source
        self.configured = configured(source)
        self.state: State = "starting"
        self.says = ""
        self._topic = source.topic or ""
        self._kafka = kafka
        self._engine = engine
        self._crossing = crossing
        self._clock = clock
        self._steadiness = Steadiness(clock())
        self._task: asyncio.Task[None] | None = None
        self._bridge: Bridge | None = None

    @property
    def fails_since(self) -> datetime | None:
        """Since when it has not been read steadily; None where it is."""
        return self._steadiness.fails_since(self._clock())

    @property
    def ended(self) -> bool:
        """Whether it was stopped, and that is noted."""
        return self._task is not None and self._task.done()

    def begin(self) -> None:
        """Begin to read."""
        self._task = asyncio.create_task(self._keep())

    async def end(self) -> None:
        """Leave the group in good order."""
        if self._bridge is not None:
            await self._bridge.leave()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            try:
                await self._read()
            except Exception as error:  # the bridges' one: a fault of ours is no reason to forget a source
                stopped = _within(error, Stopped)
                if stopped is not None:
                    await self._stop(str(stopped))
                    return
                self._wait(error)
            await asyncio.sleep(RETRY_SECONDS)

    async def _read(self) -> None:
        async with AsyncExitStack() as stack:
            topic_ids = TopicIds(self._kafka, self._topic)
            stack.push_async_callback(_in_good_time, topic_ids.close)
            await topic_ids.of()
            cluster = await cluster_of(self._kafka)
            crossing = self._crossing(self.source)
            reader = consumer(self._kafka, self.source.source)
            stack.push_async_callback(_in_good_time, reader.stop)
            await reader.start()
            self.state, self.says = "reading", ""
            self._steadiness.reads(self._clock())
            positions = Positions(self._engine, self.source.source, self._topic)
            bridge = self._bridge = Bridge(
                reader,
                topic_ids,
                positions,
                crossing,
                source=self.source.source,
                topic=self._topic,
                cluster=cluster,
                latest=self.source.options.get(FROM) == LATEST,
            )
            await bridge.run()

    async def _stop(self, reason: str) -> None:
        """Tell all processes, and whoever looks. Nothing is read on meanwhile."""
        self.state, self.says = "stopped", reason
        # Without the reason: it may quote the record, and that is a customer's.
        log.error("bridge-stopped", source=self.source.source, topic=self._topic, hint="GET /v1/sources says why")
        while True:
            try:
                await Stops(self._engine).stop(self.source.source, self.configured, reason)
            except postgres.AWAY as error:
                if postgres.refuses_value(error):
                    reason = "the log of ingest says why"  # what cannot be said must not keep it from being stopped
                    log.error("stop-without-its-reason", source=self.source.source, error=first_line(error))
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    def _wait(self, error: Exception) -> None:
        self._steadiness.fails(self._clock())
        says = self._why(error)
        if says != self.says:
            log.info("bridge-waits", source=self.source.source, topic=self._topic, reason=says)
        self.state, self.says = "waiting", says

    def _why(self, error: Exception) -> str:
        """The one table from what ends a bridge to what it then says."""
        if _within(error, UnknownTopicOrPartitionError) is not None:
            return f"Kafka has no topic {self._topic}, or does not let us read it"
        if _within(error, UnicodeDecodeError) is not None:
            return UNREADABLE
        known = _within(error, VocError, *AWAY)
        if known is not None:
            return first_line(known)
        log.error("bridge-failed", source=self.source.source, exc_info=error)
        return f"a fault of ours, see the log: {first_line(error)}"


def _within(error: BaseException, *kinds: type[Exception]) -> BaseException | None:
    """The first of these kinds that it is, or holds."""
    if isinstance(error, BaseExceptionGroup):
        return next((found for one in error.exceptions if (found := _within(one, *kinds)) is not None), None)
    return error if isinstance(error, kinds) else None


async def _in_good_time(stop: Callable[[], Awaitable[object]]) -> None:
    """Leave a client of Kafka in good order, but not for the sake of order until Kafka comes back."""
    try:
        async with asyncio.timeout(LEAVING_SECONDS):
            await stop()
    except (KafkaError, OSError) as error:
        log.info("left-without-waiting", error=first_line(error))
