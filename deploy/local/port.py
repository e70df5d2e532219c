"""Ports on the loopback: a free one, and who has one that is taken."""

import socket
from collections.abc import Mapping

import psutil

from deploy.local.failure import PortTaken
from deploy.local.process import SUPERVISOR

LOOPBACK = "127.0.0.1"


def free() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen there. Connections that are still closing do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(port: int, *, part: str) -> None:
    """Raises PortTaken, with who has it as far as that can be known."""
    require_all_free({part: port})


def require_all_free(wanted: Mapping[str, int]) -> None:
    """Raises PortTaken with a line for each port that is taken, by the parts that want them."""
    taken = [_taken(part, port) for part, port in wanted.items() if not is_free(port)]
    if taken:
        raise PortTaken("\n".join(taken))


def _taken(part: str, port: int) -> str:
    who, way = holder(port)
    variable = f"VOC_{part.upper()}_PORT"
    return f"{part} cannot start: port {port} is taken by {who}; {way}, or choose another port by {variable}."


def holder(port: int) -> tuple[str, str]:
    """Who listens on a port, its name and number where this account may know them; and how to have it free."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return _known(psutil.Process(connection.pid))
    except psutil.Error:
        pass  # macOS tells only root, and a process may end while we look
    return "another program", "end that"


def _known(process: psutil.Process) -> tuple[str, str]:
    who = f"{process.name()} (pid {process.pid})"
    if (home := _home_of(process)) is None:
        return who, "end that"
    return f"{who} of the stack in {home}", f"`VOC_HOME={home} voc down` stops that one"


def _home_of(process: psutil.Process) -> str | None:
    """The home of the stack that it is a part of, if it is of one that this account may know."""
    try:
        commands = [one.cmdline() for one in process.parents()]
    except psutil.Error:
        return None
    return next((command[-1] for command in commands if SUPERVISOR in command[:-1]), None)
