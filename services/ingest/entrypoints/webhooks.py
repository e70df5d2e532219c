"""`/v1/webhooks/{source}`: survey tools and CRMs call here. Status codes by what they do on each, docs/webhooks.md.

Never 404 or 410, also for a name that nobody knows: several tools switch a webhook off on those, and the source may be
in the next version of the programme.
"""

from time import monotonic
from urllib.parse import parse_qs

import msgspec

from services.ingest import metrics
from services.ingest.adapters.sources import Connection, Sources
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import Mapped
from services.ingest.domain.mode import JSON_TYPE, mode_of
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.proof import Unproven
from services.ingest.entrypoints.answer import Answer, messages, not_our_media
from services.ingest.entrypoints.body import Bodies, Message, Receive
from services.ingest.entrypoints.intake import Intake, told
from shared.clock import Clock
from shared.events.refusal import Problem, Refused
from shared.http.problem import HttpProblem
from shared.kafka.quarantine import of_request

PREFIX = "/v1/webhooks/"
METHODS = "POST, GET, HEAD, OPTIONS"
GREETED = "the address was tried out; nothing was taken"
UNKNOWN_SECONDS = 30  # when to come again with what the programme does not know; Zendesk comes only within a minute


class Webhooks:
    """Answers everything below `PREFIX`."""

    def __init__(self, sources: Sources, intake: Intake, bodies: Bodies, clock: Clock, *, public_url: str) -> None:
        self._sources = sources
        self._intake = intake
        self._bodies = bodies
        self._clock = clock
        self._public_url = public_url.rstrip("/")

    async def take(self, scope: Message, receive: Receive) -> Answer:
        """What the provider is told. Raises HttpProblem, NotNow and Disconnected."""
        name, _, token = scope["path"][len(PREFIX) :].partition("/")
        connection = self._connection(name)
        if scope["method"] in ("GET", "HEAD"):
            return messages(200, msgspec.json.encode({"source": name, "ready": True}), JSON_TYPE, {})
        if scope["method"] == "OPTIONS":
            return messages(200, b"", JSON_TYPE, {"Allow": METHODS, **_granted(connection, scope)})
        if scope["method"] != "POST":
            raise HttpProblem(405, "Deliveries are sent by POST.", headers={"Allow": METHODS})
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        _check_media(connection, headers)
        body = await self._bodies.read(receive, headers.get("content-length", "").encode() or None)
        delivery = Delivery(
            source=name,
            body=body,
            received_at=self._clock(),
            headers=headers,
            url=self._url(scope),
            token=token or _queried(scope["query_string"]),
        )
        return await self._deliver(connection, delivery, tuple(of_request(scope["headers"])))

    def _connection(self, name: str) -> Connection:
        if not self._sources.known:
            raise NotNow("no-programme")
        try:
            connection = self._sources[name]
        except KeyError:
            raise HttpProblem(
                503,
                f"The programme in force has no webhook {name[:100]!r}: add it to sources.yaml and apply it.",
                headers={"Retry-After": str(UNKNOWN_SECONDS)},
            ) from None
        if connection.missing:
            detail = f"The secret {connection.missing} of the source {name} is not there: ingest has to be given it."
            raise HttpProblem(503, detail, headers={"Retry-After": str(UNKNOWN_SECONDS)})
        return connection

    async def _deliver(
        self, connection: Connection, delivery: Delivery, carried: tuple[tuple[str, bytes], ...]
    ) -> Answer:
        try:
            connection.prove(delivery, now=delivery.received_at)
            mapped = await self._intake.take(connection, connection.kept(delivery), carried)
        except Unproven as reason:
            if connection.mapping.is_greeting(delivery):
                return _answered(connection, Mapped(ignored=[GREETED]))
            metrics.WEBHOOKS.labels(delivery.source, "unproven").inc()
            await self._keep_unproven(connection, delivery, str(reason), carried)
            raise HttpProblem(401, f"Not taken: {reason}.", headers={"WWW-Authenticate": "Bearer"}) from None
        except Refused as fault:
            problems = msgspec.to_builtins(fault.problems)
            raise HttpProblem(400, str(fault), extra={"problems": problems}) from fault
        return _answered(connection, mapped)

    async def _keep_unproven(
        self, connection: Connection, delivery: Delivery, reason: str, carried: tuple[tuple[str, bytes], ...]
    ) -> None:
        """A wrong secret in the programme must not cost answers; strangers must not fill the quarantine."""
        if connection.unproven.take(1, monotonic()) == 0:
            problems = [Problem("", reason)]
            await self._intake.set_aside(connection.kept(delivery), problems, "unproven", carried, proven=False)

    def _url(self, scope: Message) -> str:
        """The address as the provider called it, which some sign: ours behind a proxy is another one."""
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        query: bytes = scope["query_string"]
        return self._public_url + b"?".join(filter(None, (path.partition(b"?")[0], query))).decode("latin-1")


def _answered(connection: Connection, mapped: Mapped) -> Answer:
    """What the provider wants to hear, else what became of it."""
    provider = connection.provider
    if provider.answer is not None:
        return messages(provider.status, provider.answer.encode(), provider.answer_type, {})
    return messages(provider.status, msgspec.json.encode(told(mapped)), JSON_TYPE, {})


def _check_media(connection: Connection, headers: dict[str, str]) -> None:
    """Raises HttpProblem. Only of CloudEvents the type has to be theirs: survey tools name it as they like."""
    if "content-encoding" in headers:
        raise not_our_media(encoded=True)
    typed = headers.get("content-type", "").encode("latin-1")
    if connection.provider.body == "cloudevents" and mode_of(typed) is None:
        raise not_our_media(encoded=False)


def _queried(query: bytes) -> str | None:
    """`?token=` or `?access_token=`, for providers that can be given nothing but an address."""
    fields = parse_qs(query.decode("latin-1"))
    found = fields.get("token") or fields.get("access_token")
    return found[0] if found else None


def _granted(connection: Connection, scope: Message) -> dict[str, str]:
    """The consent that a sender of CloudEvents asks for before the first delivery, in the words of their webhooks.

    `origins` of the source's options, separated by commas, says who may; without it whoever asks, because he has to
    prove himself at every delivery. An address to call back is never called: anybody could name one.
    """
    origin = next(
        (value.decode("latin-1") for name, value in scope["headers"] if name == b"webhook-request-origin"), ""
    )
    allowed = str(connection.source.options.get("origins", "*"))
    if connection.provider.body != "cloudevents" or not origin:
        return {}
    if allowed != "*" and origin not in [one.strip() for one in allowed.split(",")]:
        return {}
    return {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"}
