"""The sources of the programme in force, compiled: who may send by webhook, how it is proven, what it becomes."""

from collections.abc import Mapping as MappingOf
from datetime import datetime
from pathlib import Path
from traceback import extract_tb

import structlog

from services.ingest.adapters.programme import InForce
from services.ingest.adapters.secret import Secrets
from services.ingest.domain.delivery import Delivery
from services.ingest.domain.mapped import Mapped
from services.ingest.domain.mapping import Mapping
from services.ingest.domain.proof import Unproven, prove_signed, prove_token
from services.ingest.domain.provider import Provider
from services.ingest.domain.quota import Bucket
from shared.errors import VocError
from shared.events.refusal import MOST_PROBLEMS, Problem, Refused
from shared.programme.history import Version
from shared.programme.source import Source

UNPROVEN_RATE, UNPROVEN_BURST = 0.1, 100  # deliveries a second, and at once, that are kept although nobody proved them

A_FAULT = Problem("", "it could not be read, by a fault of ours: the log says where; replay it when that is mended")

log = structlog.get_logger(__name__)


class Connection:
    """A source that calls our webhook."""

    def __init__(self, source: Source, provider: Provider, secrets: Secrets) -> None:
        self.source = source
        self.provider = provider
        self.mapping = Mapping(source, provider)
        self.unproven = Bucket(UNPROVEN_RATE, UNPROVEN_BURST)
        self._secrets = secrets
        self._signature = source.signature or provider.signature
        self._options = {name: str(value) for name, value in source.options.items()}

    @property
    def secrets(self) -> list[str]:
        """Those that are there: the present one, the one before."""
        return [secret for reference in self.source.secret if (secret := self._secrets.of(reference)) is not None]

    @property
    def absent(self) -> list[str]:
        """The references for which there is no secret."""
        return [reference for reference in self.source.secret if self._secrets.of(reference) is None]

    @property
    def missing(self) -> str | None:
        """Which secret would have to be there; None where one is: while it is changed, either will do."""
        return None if self.secrets else next(iter(self.absent), None)

    @property
    def signed(self) -> bool:
        """Whether its deliveries are signed; else a token proves who sends."""
        return self._signature is not None

    def kept(self, delivery: Delivery) -> Delivery:
        """The delivery as it may be kept: without what its provider repeats of the secret."""
        return delivery.without(self.provider.drop)

    def mapped(self, delivery: Delivery) -> Mapped:
        """What the delivery says; all of it is a problem where reading it fails in a way that nobody foresaw.

        Raises Refused and Unproven.
        """
        try:
            mapped = self.mapping.events(delivery)
        except (Refused, Unproven):
            raise
        except (
            Exception
        ) as error:  # else it would be kept nowhere; its sentence may quote a customer, so the place is logged
            at = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-3:]]
            log.error("not-read", source=self.source.source, error=type(error).__name__, at=at)
            return Mapped(problems=[A_FAULT])
        del mapped.problems[MOST_PROBLEMS:]
        return mapped

    def prove(self, delivery: Delivery, *, now: datetime) -> None:
        """Return where the delivery is from whom it says. Raises Unproven."""
        if self._signature is None:
            prove_token(delivery, self.secrets)
        else:
            prove_signed(self._signature, delivery, self.secrets, options=self._options, now=now)


class Sources:
    """By name. Taken up anew with each version of the programme."""

    def __init__(self, in_force: InForce, providers: MappingOf[str, Provider], secrets: Secrets) -> None:
        self._in_force = in_force
        self._providers = providers
        self._secrets = secrets
        self._connections: dict[str, Connection] = {}
        in_force.tell(self._take)

    @property
    def known(self) -> bool:
        """Whether it is known who may send: the database has answered once."""
        return self._in_force.asked

    def __getitem__(self, name: str) -> Connection:
        """Raises KeyError for a name that is none in the programme in force, or a topic's."""
        return self._connections[name]

    def all(self) -> list[Connection]:
        """In the order of the programme."""
        return list(self._connections.values())

    def connect(self, source: Source) -> Connection:
        """A source that need not be in force: for trying it out. Raises KeyError for a topic's, VocError for one
        whose expressions cannot be read."""
        return Connection(source, self._providers[source.provider or ""], self._secrets)

    def _take(self, version: Version) -> None:
        self._connections = {}
        for source in version.programme.sources:
            if source.provider is not None:
                self._open(source)
        absent = {name: one.absent for name, one in self._connections.items() if one.absent}
        if absent:
            log.warning("secrets-missing", sources=absent)

    def _open(self, source: Source) -> None:
        """One that cannot be read keeps no other from sending: it is answered 503, as if it were not there."""
        try:
            self._connections[source.source] = self.connect(source)
        except (VocError, KeyError) as error:
            log.error("source-not-read", source=source.source, error=str(error))
