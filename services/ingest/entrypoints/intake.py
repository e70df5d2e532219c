"""What a webhook's delivery comes to: its events are in Kafka, and what makes no event is in the quarantine."""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec
import structlog

from services.ingest import metrics
from services.ingest.adapters.notices import Notices
from services.ingest.adapters.protections import Protections
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantine import Quarantine
from services.ingest.adapters.sources import Connection
from services.ingest.domain.again import Announced
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import Mapped, Ready
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.protection import Protection
from services.ingest.domain.rejection import Rejection
from shared.errors import first_line
from shared.events.read import read
from shared.events.refusal import Problem, Refused
from shared.events.set_aside import Door, Kind
from shared.postgres.engine import AWAY

STORE_SECONDS = 2.0  # providers wait five at most
MOST_TOLD = 20  # of what is ignored, unknown or wrong

log = structlog.get_logger(__name__)

Carried = tuple[tuple[str, bytes], ...]


class Intake:
    """Maps and publishes what was proven. Deliveries that were set aside come here again when they are replayed."""

    def __init__(
        self,
        publisher: Publisher,
        quarantine: Quarantine,
        notices: Notices,
        protections: Protections,
        taken: Callable[[Door, str], None],
    ) -> None:
        self._publisher = publisher
        self._quarantine = quarantine
        self._notices = notices
        self._protections = protections
        self._taken = taken

    async def take(self, connection: Connection, delivery: Delivery, carried: Carried) -> Mapped:
        """Return when Kafka has all of it, also what makes no event, whole, in the quarantine.

        Raises NotNow, and Refused for a body that cannot be read at all, which the quarantine has too.
        """
        try:
            mapped = connection.mapped(delivery)
        except Refused as fault:
            await self.set_aside(delivery, fault.problems, "malformed", carried)
            raise
        await self.settle(connection, delivery, carried, mapped)
        self._count(connection.source.source, mapped)
        return mapped

    async def settle(self, connection: Connection, delivery: Delivery, carried: Carried, mapped: Mapped) -> None:
        """Return when all that came of a delivery is where it belongs. Raises NotNow."""
        await self.publish(connection.source.source, mapped)
        if mapped.notices:
            await self.note(Announced(delivery, mapped.notices, carried))
        if mapped.problems:
            await self.set_aside(delivery, mapped.problems, "unmapped", carried)

    async def note(self, announced: Announced) -> None:
        """Return when what is to be fetched is stored. Raises NotNow."""
        source = announced.delivery.source
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._notices.add(source, announced.notices, announced.delivery, announced.carried)
        except AWAY as error:
            log.warning("notice-not-stored", source=source, error=first_line(error))
            raise NotNow("no-store") from error

    async def publish(self, source: str, mapped: Mapped) -> None:
        """Return when Kafka has its events, without the personal data that must not be there. Raises NotNow."""
        protection = self._protections.of(source)
        if protection is not None:
            size = sum(len(event.raw) for event in mapped.events)
            await self._protections.apart(size, partial(_protect, mapped, protection))
        groups = {self._publisher.put(event.key, event.raw) for event in mapped.events}
        if not all([await group for group in groups]):
            raise NotNow("late")

    async def set_aside(
        self, delivery: Delivery, problems: list[Problem], kind: Kind, carried: Carried, *, proven: bool = True
    ) -> None:
        """Keep the whole delivery. Raises NotNow where Kafka does not take it: then the sender keeps it."""
        kept = await self._quarantine.keep(
            [
                Rejection(
                    raw=delivery.body,
                    problems=problems,
                    source=delivery.source,
                    door="webhook",
                    kind=kind,
                    at=f"{delivery.method} /v1/webhooks/{delivery.source}",
                    content_type=delivery.headers.get("content-type"),
                    proven=proven,
                    carried=carried,
                )
            ],
            delivery.received_at,
        )
        if not kept:
            raise NotNow("late")

    def _count(self, source: str, mapped: Mapped) -> None:
        if not mapped.problems:
            self._taken("webhook", source)
        taken = "taken" if mapped.events or mapped.notices else "ignored"
        metrics.WEBHOOKS.labels(source, "refused" if mapped.problems else taken).inc()
        if mapped.unknown:
            metrics.UNKNOWN_QUESTIONS.labels(source).inc(len(mapped.unknown))


def _protect(mapped: Mapped, protection: Protection) -> None:
    """Raises NotNow, before anything is published. What cannot be protected becomes a problem of the delivery."""
    events, mapped.events = mapped.events, []
    for event in events:
        try:
            mapped.events.append(Ready(*protection.of_event(event.raw, read(event.raw))))
        except Refused as fault:
            mapped.problems += fault.problems


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a delivery: how many events Kafka has, and what became of the rest."""

    accepted: int
    to_be_fetched: int = 0
    ignored: list[str] = []
    unknown_questions: list[str] = []
    quarantined: bool = False
    problems: list[Problem] = []


def told(mapped: Mapped) -> Told:
    """What the sender hears; whoever set the source up can read it in the provider's log of deliveries."""
    return Told(
        accepted=len(mapped.events),
        to_be_fetched=len(mapped.notices),
        ignored=mapped.ignored[:MOST_TOLD],
        unknown_questions=mapped.unknown[:MOST_TOLD],
        quarantined=bool(mapped.problems),
        problems=mapped.problems[:MOST_TOLD],
    )
