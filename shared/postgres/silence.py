"""A server that is gone without a word (its host lost, a cable pulled) is noticed by the client's own socket."""

import socket
from typing import Any

IDLE_SECONDS = 5
INTERVAL_SECONDS = 2
PROBES = 3
UNACKNOWLEDGED_MS = 15_000  # what was sent and is not acknowledged by then never will be

# Some systems know fewer of these.
_OPTIONS = {
    "TCP_KEEPIDLE": IDLE_SECONDS,
    "TCP_KEEPINTVL": INTERVAL_SECONDS,
    "TCP_KEEPCNT": PROBES,
    "TCP_USER_TIMEOUT": UNACKNOWLEDGED_MS,
}


def noticed(connection: Any, _record: object) -> None:
    """For SQLAlchemy's event `connect`: keep-alives on our end, as `tcp_keepalives_idle` sets them on the server's."""
    transport = connection.driver_connection._transport  # asyncpg has no public way
    wire = transport.get_extra_info("socket")
    if wire is None or wire.family not in (socket.AF_INET, socket.AF_INET6):
        return
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _OPTIONS.items():
        if hasattr(socket, name):
            wire.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
