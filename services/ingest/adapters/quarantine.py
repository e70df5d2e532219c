"""Keeps what was refused, with its reasons, for whoever mends and replays it."""

import asyncio
from datetime import datetime

import structlog

from services.ingest import metrics
from services.ingest.adapters.publisher import Publisher
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.rejection import Rejection
from shared.kafka.quarantine import headers_of

log = structlog.get_logger(__name__)


class Quarantine:
    """Writes to `voc.quarantine` on the publisher's clock and within its bounds."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def keep(self, rejections: list[Rejection], received_at: datetime) -> bool:
        """Return when Kafka has them, or when it does not take them in time: whether it has all of them.

        Never raises: whoever sent them hears why they were refused either way, and nobody waits longer than for an
        event. What could not be kept is counted and said in the log.
        """
        waiting = [done for rejection in rejections if (done := self._try(rejection, received_at)) is not None]
        kept = sum([await done for done in waiting])
        if kept < len(rejections):
            metrics.NOT_QUARANTINED.inc(len(rejections) - kept)
            log.warning("not-quarantined", events=len(rejections) - kept, reason="Kafka did not take them in time")
        return bool(kept == len(rejections))

    def put(self, rejection: Rejection, received_at: datetime) -> "asyncio.Future[bool]":
        """Queue one, for whoever goes on only when Kafka has it: True comes then, False when it came too late.

        Raises NotNow at once where waiting makes no sense.
        """
        named = headers_of(
            reason=rejection.reason,
            origin=rejection.origin,
            first_seen=received_at,
            door=rejection.door,
            kind=rejection.kind,
            problems=rejection.problems,
            content_type=rejection.content_type,
            proven=rejection.proven,
        )
        texts = ((name, value.encode()) for name, value in named.items())
        headers = [*texts, *rejection.attributes.items(), *rejection.carried]
        return self._publisher.set_aside(rejection.source, rejection.raw, headers)

    def _try(self, rejection: Rejection, received_at: datetime) -> "asyncio.Future[bool] | None":
        try:
            return self.put(rejection, received_at)
        except NotNow:
            return None
