"""Looks at all that waits, and tells Prometheus: of all processes, so that any of them may be asked."""

import asyncio
from datetime import datetime, timedelta

import structlog

from services.alerts import metrics
from services.alerts.adapters.waiting import Overview, Waiting
from shared.clock import Clock
from shared.errors import first_line
from shared.postgres.engine import AWAY

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0
UNTOLD_AFTER = timedelta(minutes=5)
"""A red that nobody has heard of for so long is worth an alarm."""


class Watch:
    """Sets the gauges."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    async def run(self, clock: Clock) -> None:
        """Look until cancelled; while the database is away, the gauges stay as they were."""
        while True:
            try:
                now = clock()
                _show(await self._waiting.overview(untold_since=now - UNTOLD_AFTER), now)
            except AWAY as error:
                log.warning("watch-waits", error=first_line(error))
            await asyncio.sleep(EVERY_SECONDS)


def _show(overview: Overview, now: datetime) -> None:
    oldest = overview.oldest_queued_at
    metrics.OLDEST_SECONDS.set(0 if oldest is None else max(0.0, (now - oldest).total_seconds()))
    for state, count in overview.by_state.items():
        metrics.WAITING.labels(state).set(count)
    metrics.OPEN_EPISODES.set(overview.open_episodes)
    metrics.UNTOLD_EPISODES.set(overview.untold_episodes)
    metrics.TROUBLES.set(overview.troubles)
    metrics.BROKEN.set(overview.broken_receivers)
