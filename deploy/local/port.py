"""Ports on the loopback: a free one, and who has one that is taken."""

import socket

import psutil

from deploy.local.failure import PortTaken

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
    if not is_free(port):
        raise PortTaken(
            f"{part} cannot start: port {port} is taken by {holder(port)}; end that, "
            f"or choose another port by VOC_{part.upper()}_PORT."
        )


def holder(port: int) -> str:
    """Who listens on a port: its name and number where this account may know them."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except psutil.Error:
        pass  # macOS tells only root, and a process may end while we look
    return "another program"
