"""A Kafka and a PostgreSQL of a benchmark's own, from the local stack's binaries, and what they and services cost."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import msgspec
import psutil
from pydantic import SecretStr
from sqlalchemy.engine import make_url

import deploy.local.kafka
import deploy.local.postgres
from deploy.local import port as ports
from deploy.local.home import Home
from deploy.local.server import Server
from deploy.local.service import Service
from deploy.local.standin import Inbox
from shared.http.kept_keys import create
from shared.http.keys import Scope
from shared.postgres.engine import DatabaseSettings, connect


class Stack(msgspec.Struct, frozen=True):
    """Both servers; each measurement takes a database of its own."""

    home: Path
    kafka: Server
    postgres: Server

    def database(self, name: str) -> str:
        """Make an empty database, and tell its URL."""
        asyncio.run(_execute(self.postgres.address, f"create database {name}"))
        return make_url(self.postgres.address).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def inbox(self) -> Iterator[tuple[Server, dict[str, str]]]:
        """The stand-ins for Slack and a mail server, and the settings by which alerts reaches them."""
        environ = {**os.environ, "VOC_INBOX_SMTP_PORT": str(ports.free())}
        part = Inbox(Home.at(self.home), ports.free(), environ)
        server = Server(part)
        try:
            yield server, part.gives
        finally:
            server.stop()

    @contextmanager
    def service(self, name: str, database: str, **settings: str) -> Iterator[Server]:
        """One process of a service, ready, for as long as the block lasts."""
        environ = {
            **os.environ,
            "VOC_KAFKA_BOOTSTRAP_SERVERS": self.kafka.address,
            "VOC_DATABASE_URL": database,
            **settings,
        }
        server = Server(Service(name, Home.at(self.home), port=ports.free(), environ=environ))
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def stack() -> Iterator[Stack]:
    """Both servers in a folder that is gone afterwards. PostgreSQL may run under another account: it may enter."""
    home = Path(tempfile.mkdtemp(prefix="voc-bench-"))
    home.chmod(0o755)
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers never outlive us
    kafka = postgres = None
    try:
        kafka, postgres = deploy.local.kafka.start(home), deploy.local.postgres.start(home)
        yield Stack(home, kafka, postgres)
    finally:
        for server in (postgres, kafka):
            if server is not None:
                server.stop()
        shutil.rmtree(home, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


def make_key(database: str, scope: Scope) -> str:
    """A key of that scope; the schema `voc` is there."""
    return asyncio.run(_make_key(database, scope))


def cpu_seconds(pid: int) -> float:
    """CPU that a process and its children have used so far, those that have ended too."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    used: float = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # then it is among the ended ones at the next look
            times = child.cpu_times()
            used += times.user + times.system
    return used


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _make_key(database: str, scope: Scope) -> str:
    engine = connect(DatabaseSettings(url=SecretStr(database)), application="bench")
    try:
        async with engine.begin() as connection:
            return await create(connection, name=f"bench-{scope}", scope=scope)
    finally:
        await engine.dispose()
