"""A webhook's delivery that was set aside comes in again: proven as it came, mapped as its source is configured now."""

from services.ingest.adapters.sources import Connection, Sources
from services.ingest.domain.again import Again, Announced, Way
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.kept import Kept
from services.ingest.domain.proof import Unproven
from shared.events.refusal import Problem, Refused
from shared.kafka.quarantine import HTTP, carried


def way(sources: Sources, *, public_url: str) -> Way:
    """The way of the door `webhook`."""

    def by_webhook(kept: Kept) -> Again:
        connection = _connection(sources, kept.source)
        delivery = _delivery(kept, public_url)
        if not kept.authentic:
            _prove(connection, delivery)
        try:
            mapped = connection.mapped(delivery)
        except Unproven as reason:
            raise Refused([Problem("", str(reason))]) from None
        request = tuple((name, value) for name, value in kept.headers if name.startswith(HTTP))
        announced = Announced(delivery, mapped.notices, request) if mapped.notices else None
        return Again([(event.key, event.raw) for event in mapped.events], mapped.problems, announced)

    return by_webhook


def _connection(sources: Sources, name: str) -> Connection:
    if not sources.known:
        raise Refused([Problem("", "the programme is not read yet: try again in a moment")])
    try:
        return sources[name]
    except KeyError:
        said = f"the programme in force has no webhook {name!r}: add it to sources.yaml and apply it"
        raise Refused([Problem("", said)]) from None


def _delivery(kept: Kept, public_url: str) -> Delivery:
    method, _, path = kept.origin.partition(" ")
    return Delivery(
        source=kept.source,
        body=kept.value,
        received_at=kept.first_seen,
        headers={name: value.decode("latin-1") for name, value in carried(kept.headers, HTTP)},
        method=method,
        url=public_url.rstrip("/") + path,
    )


def _prove(connection: Connection, delivery: Delivery) -> None:
    """By the secrets of now, at the time of then: what was refused for a wrong secret of ours is proven by the right
    one. A token is never kept, so what came with a wrong one stays refused."""
    try:
        connection.prove(delivery, now=delivery.received_at)
    except Unproven as reason:
        said = f"its sender is still not proven: {reason}. Tokens are not kept; let the sender send it again"
        raise Refused([Problem("", said)]) from None
