"""Fires promises' timers: when their time has come and everything that was in Kafka by then has been folded."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring import metrics
from services.scoring.adapters.offsets import Offsets
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.store import Store
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.timer import fire
from services.scoring.entrypoints.outcome import AWAY
from shared.clock import Clock
from shared.errors import first_line

log = structlog.get_logger(__name__)

MOST = 500  # instances in a transaction


class Timers:
    """One of these runs in every scoring process; a lock in the database lets one at a time fire. `reads` says whether
    the process reads its partitions: the ends of a topic that was made again mean nothing."""

    def __init__(
        self,
        engine: AsyncEngine,
        store: Store,
        offsets: Offsets,
        programmes: Programmes,
        consumer: AIOKafkaConsumer,
        topic: str,
        reads: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._store = store
        self._offsets = offsets
        self._programmes = programmes
        self._consumer = consumer
        self._topic = topic
        self._reads = reads

    async def run(self, clock: Clock, every_seconds: float) -> None:
        """Look for due timers until cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            try:
                at = clock()
                if self._reads() and await self._any_due(at) and await self._applied_to_the_ends():
                    while self._reads() and await self._fire_some(at):
                        pass
            except AWAY as error:
                log.warning("timers-wait", error=first_line(error))

    async def _any_due(self, at: datetime) -> bool:
        async with self._engine.connect() as connection:
            query = text("select exists (select from scoring.instances where fire_at < :at)")
            return bool(await connection.scalar(query, {"at": at}))

    async def _applied_to_the_ends(self) -> bool:
        """Wait, for a while, until every partition is folded past the ends of this moment.

        What kept a promise may be on its way: it was accepted before the ends were taken, or it came too late.
        """
        partitions = self._consumer.partitions_for_topic(self._topic) or set()
        ends = await self._consumer.end_offsets([TopicPartition(self._topic, p) for p in partitions])
        if not ends:
            return False
        for _ in range(100):
            bookmarks = await self._offsets.bookmarks()
            applied = {p: bookmark.next_offset for p, bookmark in bookmarks.items()}
            if all(applied.get(tp.partition, 0) >= end for tp, end in ends.items()):
                return True
            await asyncio.sleep(0.1)
        return False

    async def _fire_some(self, at: datetime) -> bool:
        """One transaction; whether there may be more to do."""
        ledger = Ledger()
        async with self._store.firing(at, most=MOST) as (transaction, keys):
            if not keys:
                return False
            await transaction.load_customers(ledger, {customer for customer, _, _ in keys})
            await transaction.load_instances(ledger, set(keys))  # as they are now that their customers are locked
            for key in sorted(keys):
                fire(ledger, key, at, version_at=self._programmes.current.version_at)
            await transaction.save(ledger, [])
        metrics.PROMISES_MISSED.inc(len(ledger.timeline))
        log.info("promises-missed", count=len(ledger.timeline))
        return len(keys) == MOST
