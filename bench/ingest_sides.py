"""The doors that `bench.ingest` loads: ours, a bare one, and peers that run already."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import msgspec

from bench.report import Options
from bench.stack import Stack, make_key
from deploy.local import port as ports
from deploy.local.process import Process, spawn

KARAPACE = "Karapace's REST proxy"
KARAPACE_BINARY = f"{KARAPACE}, binary"
HUB = "Formbricks Hub"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A door. `manner` is one of `bench.ingest_request.MANNERS`; `pids` are its processes, of a peer none is known."""

    name: str
    urls: tuple[str, ...]
    pids: tuple[int, ...] = ()
    manner: str = "voc"
    key: str = "none"

    def beside(self, other: "Side") -> "Side":
        """Both processes as one door."""
        return msgspec.structs.replace(self, urls=self.urls + other.urls, pids=self.pids + other.pids)


def peers(options: Options) -> list[Side]:
    """Those whose address was given; of each other one a line says how to give it."""
    found = []
    if options.karapace:
        found.append(Side(name=KARAPACE, urls=(options.karapace,), manner="karapace"))
        found.append(Side(name=KARAPACE_BINARY, urls=(options.karapace,), manner="karapace-binary"))
    else:
        print(f"{KARAPACE} is left out: start one whose Kafka has the topic voc.events, and give --karapace URL.")
    if options.hub:
        found.append(Side(name=HUB, urls=(options.hub,), manner="hub", key=options.hub_key))
    else:
        print(f"{HUB} is left out: start one, and give --hub URL and --hub-key KEY (its API_KEY).")
    return found


@contextmanager
def our_doors(parts: Stack, count: int) -> Iterator[list[Side]]:
    """So many processes of ours, all on one database and one Kafka; those whose turn it is not cost nothing."""
    database = parts.database("doors")
    with ExitStack() as running:
        servers = [running.enter_context(parts.service("ingest", database)) for _ in range(count)]
        key = make_key(database, "ingest")
        yield [Side(name="ours", urls=(server.address,), pids=(server.pid,), key=key) for server in servers]


@contextmanager
def bare_door(parts: Stack) -> Iterator[Side]:
    """The other side that only hands over to Kafka."""
    port = ports.free()
    environ = {**os.environ, "VOC_KAFKA_BOOTSTRAP_SERVERS": parts.kafka.address, "BARE_PORT": str(port)}
    process = spawn([sys.executable, "-m", "bench.bare_ingest"], log=parts.home / "bare.log", environ=environ)
    try:
        _await_port(port, process)
        yield Side(name="bare", urls=(f"http://{ports.LOOPBACK}:{port}",), pids=(process.pid,))
    finally:
        process.stop(by=signal.SIGTERM, grace=timedelta(seconds=10))


def _await_port(port: int, process: Process) -> None:
    while process.alive:
        with socket.socket() as probe:
            if probe.connect_ex((ports.LOOPBACK, port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"The bare door did not open: it {process.ending}.")
