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
        headers={name.lower(): value for name, value in trial.headers.items()},
        url=trial.url,
        token=trial.token,
    )
    try:
        mapped = connection.mapped(delivery)
    except Refused as fault:
        mapped = Mapped(problems=fault.problems)
    except Unproven as reason:
        mapped = Mapped(problems=[Problem("", str(reason))])
    return Tried(
        source=connection.source.source,
        provider=connection.provider.name,
        proof=_proof(connection, delivery),
        events=[msgspec.json.decode(event.raw) for event in mapped.events],
        to_be_fetched=[connection.mapping.ask(one.said, "").addresses[FETCHED] for one in mapped.notices],
        problems=mapped.problems,
        ignored=mapped.ignored,
        unknown_questions=mapped.unknown,
    )


def _connection(trial: Trial, sources: Sources) -> Connection:
    try:
        return sources[trial.source] if isinstance(trial.source, str) else sources.connect(trial.source)
    except KeyError:
        named = trial.source if isinstance(trial.source, str) else trial.source.source
        known = ", ".join(sorted(one.source.source for one in sources.all())) or "none"
        raise HttpProblem(404, f"The programme in force has no webhook {named[:100]!r}; it has {known}.") from None


def _proof(connection: Connection, delivery: Delivery) -> str | None:
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
