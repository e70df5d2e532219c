"""What a payload would become, without anything being sent: `POST /v1/sources/test`."""

from base64 import b64decode
from typing import Any

import msgspec

from services.ingest.adapters.sources import Connection, Sources
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.fetching import FETCHED
from services.ingest.domain.mapped import Mapped
from services.ingest.domain.proof import Unproven
from shared.clock import Clock
from shared.events.refusal import Problem, Refused
from shared.http.problem import HttpProblem
from shared.programme.jmes import NotApplicable
from shared.programme.reading import Wrong
from shared.programme.signature_file import check
from shared.programme.source import Source


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A payload to be tried: for a source of the programme in force by its name, or for one that is not applied yet."""

    source: str | Source
    body: str
    """Base64 of the bytes."""
    headers: dict[str, str] = {}
    token: str | None = None
    url: str = ""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of it. `proof` says why its sender would be turned away; None where he would be let in."""

    source: str
    provider: str | None
    proof: str | None
    topic: str | None = None
    events: list[Any] = []
    to_be_fetched: list[str] = []
    """The addresses that would be asked for what it only announces."""
    problems: list[Problem] = []
    ignored: list[str] = []
    unknown_questions: list[str] = []


def tried(trial: Trial, sources: Sources, clock: Clock) -> Tried:
    """Map it as a delivery that comes now. Raises HttpProblem for a source that there is not, and another body."""
    connection = _connection(trial, sources)
    delivery = Delivery(
        source=connection.source.source,
        body=body_of(trial.body),
        received_at=clock(),
        headers=_headers(trial.headers),
        url=trial.url,
        token=trial.token,
    )
    try:
        mapped = connection.mapped(delivery)
    except Refused as fault:
        mapped = Mapped(problems=fault.problems)
    except Unproven as reason:
        mapped = Mapped(problems=[Problem("", str(reason))])
    to_be_fetched = _to_be_fetched(connection, mapped)
    return Tried(
        source=connection.source.source,
        provider=connection.provider.name,
        proof=_proof(connection, delivery),
        events=[msgspec.json.decode(event.raw) for event in mapped.events],
        to_be_fetched=to_be_fetched,
        problems=mapped.problems,
        ignored=mapped.ignored,
        unknown_questions=mapped.unknown,
    )


def _connection(trial: Trial, sources: Sources) -> Connection:
    try:
        if isinstance(trial.source, str):
            return sources[trial.source]
        if trial.source.signature is not None:
            check(trial.source.signature)
        return sources.connect(trial.source)
    except Wrong as fault:
        raise HttpProblem(422, f"The source's signature: expected {fault.expected}.") from None
    except KeyError:
        named = trial.source if isinstance(trial.source, str) else trial.source.source
        known = ", ".join(sorted(one.source.source for one in sources.all())) or "none"
        raise HttpProblem(404, f"The programme in force has no webhook {named[:100]!r}; it has {known}.") from None


def _headers(given: dict[str, str]) -> dict[str, str]:
    """As a request has them. Raises HttpProblem for those that none can have."""
    try:
        "".join((*given, *given.values())).encode("latin-1")
    except UnicodeEncodeError:
        raise HttpProblem(422, "`headers` may hold only what HTTP can send: characters of Latin-1.") from None
    return {name.lower(): value for name, value in given.items()}


def _to_be_fetched(connection: Connection, mapped: Mapped) -> list[str]:
    """The addresses; where a notice leads to none, that becomes a problem."""
    found: list[str] = []
    for notice in mapped.notices:
        try:
            found.append(connection.mapping.ask(notice.said, "").addresses[FETCHED])
        except NotApplicable as error:
            mapped.problems.append(Problem("", str(error)))
    return found


def _proof(connection: Connection, delivery: Delivery) -> str | None:
    if not connection.source.secret:
        return "the source has no secret: give it one"
    if connection.missing:
        return f"the secret {connection.missing} is not there: ingest has to be given it"
    try:
        connection.prove(delivery, now=delivery.received_at)
    except Unproven as reason:
        return str(reason)
    return None


def body_of(text: str) -> bytes:
    """The payload. Raises HttpProblem for what is not base64."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise HttpProblem(422, "`body` is the payload in base64.") from None
