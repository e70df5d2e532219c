"""What a webhook's delivery comes to: its events are in Kafka, and what makes no event is in the quarantine."""

from collections.abc import Callable

import msgspec

from services.ingest import metrics
from services.ingest.adapters.protections import Protections
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantine import Quarantine
from services.ingest.adapters.sources import Connection
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import Mapped, Ready
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.protection import Protection
from services.ingest.domain.rejection import Rejection
from shared.events.read import read
from shared.events.refusal import Problem, Refused
from shared.events.set_aside import Door, Kind

Carried = tuple[tuple[str, bytes], ...]


class Intake:
    """Maps and publishes what was proven. Deliveries that were set aside come here again when they are replayed."""

    def __init__(
        self, publisher: Publisher, quarantine: Quarantine, protections: Protections, taken: Callable[[Door, str], None]
    ) -> None:
        self._publisher = publisher
        self._quarantine = quarantine
        self._protections = protections
        self._taken = taken

    async def take(self, connection: Connection, delivery: Delivery, carried: Carried) -> Mapped:
        """Return when Kafka has all of it, also what makes no event, whole, in the quarantine.

        Raises NotNow, and Refused for a body that cannot be read at all, which the quarantine has too.
        """
        try:
            mapped = connection.mapping.events(delivery)
        except Refused as fault:
            await self.set_aside(delivery, fault.problems, "malformed", carried)
            raise
        await self.publish(delivery.source, mapped)
        if mapped.problems:
            await self.set_aside(delivery, mapped.problems, "unmapped", carried)
        self._count(connection.source.source, mapped)
        return mapped

    async def publish(self, source: str, mapped: Mapped) -> None:
        """Return when Kafka has its events, without the personal data that must not be there. Raises NotNow."""
        protection = self._protections.of(source)
        if protection is not None:
            _protect(mapped, protection)
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
        metrics.WEBHOOKS.labels(source, "refused" if mapped.problems else "taken" if mapped.events else "ignored").inc()
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
    ignored: list[str] = []
    unknown_questions: list[str] = []
    quarantined: bool = False
    problems: list[Problem] = []


def told(mapped: Mapped) -> Told:
    """What the sender hears; whoever set the source up can read it in the provider's log of deliveries."""
    return Told(
        accepted=len(mapped.events),
        ignored=mapped.ignored,
        unknown_questions=mapped.unknown,
        quarantined=bool(mapped.problems),
        problems=mapped.problems[:20],
    )
