"""Services as processes of their own, the way users run them: started, killed, frozen, asked."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """One process of a service on a port of its own. `settings` are its environment variables."""

    def __init__(self, name: str, folder: Path, **settings: str) -> None:
        self.name = name
        self.port = free_port()
        self.log = folder / f"{name}-{self.port}.log"
        self._environment = {**os.environ, **settings, f"VOC_{name.upper()}_PORT": str(self.port)}
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Service":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"services.{self.name}"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def ready(self, *, within: float = 40) -> "Service":
        """Wait until /readyz says so."""
        eventually(
            lambda: self.get("/readyz").status_code == 200, within=within, what=lambda: f"{self.name}: {self.tail()}"
        )
        return self

    def get(self, path: str, **options: Any) -> httpx.Response:
        try:
            return httpx.get(self.url + path, timeout=5, **options)
        except httpx.TransportError as error:
            assert self.process is None or self.process.poll() is None, f"{self.name} ended: {self.tail()}"
            return httpx.Response(599, text=str(error))

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def tail(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""


@contextmanager
def running(*services: Service) -> Iterator[None]:
    """Start services, wait until all are ready, stop them at the end."""
    try:
        for service in services:
            service.start()
        for service in services:
            service.ready()
        yield
    finally:
        for service in services:
            service.stop()


def eventually(holds: Callable[[], object], *, within: float, what: Callable[[], str] = str) -> None:
    """Wait until `holds()` is true; fail with `what()` after `within` seconds."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"not within {within} s: {what()}"
        time.sleep(0.05)
