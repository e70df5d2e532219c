"""The parts of the local stack, one line each. Adding a service means adding its line."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial

import msgspec

from deploy.local.failure import StackError
from deploy.local.home import Home
from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from deploy.local.server import Startable
from deploy.local.service import Service

KAFKA = "VOC_KAFKA_BOOTSTRAP_SERVERS"
DATABASE = "VOC_DATABASE_URL"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What can be started. `given` is the variable that names one which runs elsewhere, and then comes first."""

    name: str
    port: int
    make: Callable[..., Startable]
    needs: tuple[str, ...] = ()
    given: str | None = None
    longest: timedelta = timedelta(seconds=60)

    def elsewhere(self, environ: Mapping[str, str]) -> str | None:
        """The address that was given for this part, if one was."""
        return environ.get(self.given) or None if self.given else None

    def startable(self, home: Home, environ: Mapping[str, str]) -> Startable:
        """The part in a home, with its port and, for a service, the addresses of what it needs."""
        port = self.port_in(environ)
        if not self.needs:
            return self.make(home, port=port)
        return self.make(home, port=port, environ=surroundings(home, environ))

    def port_in(self, environ: Mapping[str, str]) -> int:
        variable = f"VOC_{self.name.upper()}_PORT"
        given = environ.get(variable) or str(self.port)
        if not given.isdecimal() or not 0 < int(given) < 65536:
            raise StackError(f"{variable} is {given!r}; a port is a number from 1 to 65535.")
        return int(given)


def _service(name: str, port: int, *needs: str) -> Part:
    return Part(name=name, port=port, make=partial(Service, name), needs=needs)


PARTS = {
    part.name: part
    for part in (
        Part(name="kafka", port=39092, make=Kafka, given=KAFKA),
        Part(name="postgres", port=35432, make=Postgres, given=DATABASE),
        _service("ingest", 8080, "kafka", "postgres"),
        _service("scoring", 8083, "kafka", "postgres"),
        _service("insights", 8082, "postgres"),
    )
}


def surroundings(home: Home, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with this stack's addresses where none are given."""
    found = {**environ, "VOC_HOME": str(home.path)}
    for part in PARTS.values():
        if part.given and not part.elsewhere(environ):
            found[part.given] = part.startable(home, environ).address
    return found


def chosen(names: Iterable[str]) -> list[Part]:
    """The parts with these names in the order of the table, all without names. Raises StackError."""
    wanted = set(names) or set(PARTS)
    if unknown := sorted(wanted - set(PARTS)):
        raise StackError(f"There is no part {unknown[0]!r}; the parts are {', '.join(PARTS)}.")
    return [part for part in PARTS.values() if part.name in wanted]


def with_needs(parts: Iterable[Part], environ: Mapping[str, str]) -> tuple[list[Part], list[tuple[Part, str]]]:
    """These parts and what they need: what is to be started here, and what runs elsewhere, with its address."""
    names = {name for part in parts for name in (part.name, *part.needs)}
    wanted = [(part, part.elsewhere(environ)) for part in PARTS.values() if part.name in names]
    return [part for part, address in wanted if not address], [(part, address) for part, address in wanted if address]
