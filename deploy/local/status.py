"""How the parts are: asked of each of them now, not only read from the file."""

import asyncio
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

import msgspec

from deploy.local import kafka, postgres, service
from deploy.local.home import Home
from deploy.local.off_map import off_map
from deploy.local.part import AND, PARTS, Part
from deploy.local.stack import PartState, Phase, Stack, read

_PORTS = {"https": 443, "http": 80, "smtps": 465, "smtp": 25}


class PartStatus(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One part. `url` is what a client connects with, of one that runs elsewhere without its password. `phase`: where
    its supervisor is with one that should run here and is not ready; `unwatched`: it runs, its supervisor does not."""

    pid: int | None
    url: str | None
    healthy: bool
    external: bool = False
    phase: Phase | None = None
    unwatched: bool = False
    message: str | None = None


def status(home: Home, environ: Mapping[str, str]) -> dict[str, PartStatus]:
    """All parts of the table, in its order."""
    known = read(home)
    with ThreadPoolExecutor(len(PARTS)) as pool:
        found = pool.map(lambda part: _one(part, known, environ), PARTS.values())
        return dict(zip(PARTS, found, strict=True))


def _one(part: Part, stack: Stack, environ: Mapping[str, str]) -> PartStatus:
    if address := part.elsewhere(environ):
        why = fault_elsewhere(part.name, address)
        return PartStatus(pid=None, url=without_password(address), healthy=why is None, external=True, message=why)
    state = stack.parts.get(part.name)
    if state is None:
        return PartStatus(pid=None, url=None, healthy=False)
    watched = stack.supervisor is not None and stack.supervisor.alive
    if not state.runs or state.process is None:
        return PartStatus(
            pid=None, url=None, healthy=False, phase=_phase_of_none(state, watched=watched), message=state.message
        )
    why = _fault(part.name, state)
    return PartStatus(
        pid=state.process.pid,
        url=state.address,
        healthy=why is None,
        phase=None if state.phase == "ready" else state.phase,
        unwatched=not watched,
        message=off_map(state.port) if why is None and part.name == "scoring" else why,
    )


def _phase_of_none(state: PartState, *, watched: bool) -> Phase | None:
    """Of a part without a process. After a reboot the file still says what was so before."""
    if state.phase == "failed" or not watched:
        return "failed" if state.phase == "failed" else None
    return "waiting" if state.phase == "ready" else state.phase


def _fault(name: str, state: PartState) -> str | None:
    match name:
        case "kafka":
            return kafka.fault(state.port)
        case "postgres":
            return postgres.fault(state.address)
        case _:
            return service.fault(state.port)


def fault_elsewhere(name: str, address: str) -> str | None:
    """None if what was given for this part answers, else the reason."""
    match name:
        case "postgres":
            return postgres.fault(address)
        case "kafka":
            return asyncio.run(_broker_fault())
        case _:
            return next(filter(None, map(_connection_fault, address.split(AND))), None)


def without_password(address: str) -> str:
    """The address, or several, as it may be shown."""
    return AND.join(map(_without_password, address.split(AND)))


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    if not parts.password:
        return address
    user, _, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:…@{place}"))


def _connection_fault(address: str) -> str | None:
    """Whether somebody listens there; what he says is for who sends by him."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        with socket.create_connection((parts.hostname or "", port), timeout=3):
            return None
    except (OSError, ValueError) as error:
        return f"{_without_password(address)}: {error}"


async def _broker_fault() -> str | None:
    """With the settings that services use, TLS and SASL among them."""
    from shared.errors import VocError
    from shared.kafka.connection import KafkaSettings
    from shared.kafka.reach import Unreachable, reach

    try:
        async with asyncio.timeout(5):
            await reach(KafkaSettings())
    except (VocError, Unreachable, TimeoutError) as error:
        return str(error) or "no answer within 5 s"
    return None
