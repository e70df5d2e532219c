"""The parts of the local stack, one line each. Adding a service means adding its line."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import msgspec

from deploy.local.failure import StackError
from deploy.local.home import Home
from deploy.local.inbox.settings import PORT as INBOX_PORT
from deploy.local.inbox.settings import SMTP_PORT
from deploy.local.kafka import BOOTSTRAP as KAFKA
from deploy.local.kafka import Kafka
from deploy.local.postgres import DATABASE, Postgres
from deploy.local.server import Startable
from deploy.local.service import Service
from deploy.local.standin import SLACK_API, SMTP, Inbox

__all__ = ["DATABASE", "KAFKA", "PARTS", "SLACK_API", "SMTP", "Part", "chosen", "surroundings", "with_needs"]


AND = " and "
"""Between the addresses of a part that has several."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What can be started. `given` are the variables that name one which runs elsewhere, and then comes first."""

    name: str
    port: int
    make: Callable[[Home, int, Mapping[str, str]], Startable]
    needs: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    longest: timedelta = timedelta(seconds=60)
    more_ports: Mapping[str, int] = {}
    """What else it listens on: the name in its setting, VOC_NAME_PORT, and the port without that."""

    def elsewhere(self, environ: Mapping[str, str]) -> str | None:
        """The addresses that were given for this part, if all were."""
        addresses = [environ.get(variable, "") for variable in self.given]
        return AND.join(addresses) if addresses and all(addresses) else None

    def startable(self, home: Home, environ: Mapping[str, str]) -> Startable:
        """The part in a home, with its port and, for a service, the addresses of what it needs."""
        return self.make(home, self.port_in(environ), surroundings(home, environ) if self.needs else environ)

    def port_in(self, environ: Mapping[str, str]) -> int:
        """Its own. Raises StackError for what is none."""
        return _port(environ, self.name, self.port)

    def ports_in(self, environ: Mapping[str, str]) -> dict[str, int]:
        """All that it listens on, by the names in their settings. Raises StackError."""
        wanted = {self.name: self.port, **self.more_ports}
        return {name: _port(environ, name, port) for name, port in wanted.items()}


def _port(environ: Mapping[str, str], name: str, usual: int) -> int:
    variable = f"VOC_{name.upper()}_PORT"
    given = environ.get(variable) or str(usual)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise StackError(f"{variable} is {given!r}; a port is a number from 1 to 65535.")
    return int(given)


def _service(name: str, port: int, *needs: str) -> Part:
    def make(home: Home, port: int, environ: Mapping[str, str]) -> Service:
        return Service(name, home, port=port, environ=environ)

    return Part(name=name, port=port, make=make, needs=needs)


PARTS = {
    part.name: part
    for part in (
        Part(name="kafka", port=39092, make=lambda home, port, _: Kafka(home, port=port), given=(KAFKA,)),
        Part(name="postgres", port=35432, make=lambda home, port, _: Postgres(home, port=port), given=(DATABASE,)),
        Part(
            name="inbox",
            port=INBOX_PORT,
            make=Inbox,
            given=(SLACK_API, SMTP),
            more_ports={"inbox_smtp": SMTP_PORT},
        ),
        _service("ingest", 8080, "kafka", "postgres"),
        _service("scoring", 8083, "kafka", "postgres"),
        _service("insights", 8082, "postgres"),
        _service("alerts", 8081, "kafka", "postgres", "inbox"),
    )
}


def surroundings(home: Home, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with this stack's addresses where none are given."""
    found = {**environ, "VOC_HOME": str(home.path)}
    for part in PARTS.values():
        if not part.elsewhere(environ):
            given = part.make(home, part.port_in(environ), environ).gives
            found |= {variable: value for variable, value in given.items() if not environ.get(variable)}
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
