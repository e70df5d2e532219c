"""A service of ours as a part of the local stack: `python -m services.NAME`, ready when /readyz says so."""

import http.client
import importlib.util
import os
import signal
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from deploy.local import port as ports
from deploy.local.failure import StackError
from deploy.local.home import Home, rotate
from deploy.local.process import MODULE, Process, spawn

ROOT = Path(__file__).resolve().parents[2]
"""The folder that `services` is imported from."""
_MOST = 10_000  # bytes of an answer that are read


class Service:
    """One process of a service. `launch` returns when it runs, `fault` is None when it says it is ready."""

    stops_by = signal.SIGTERM
    grace = timedelta(seconds=15)

    def __init__(self, name: str, home: Home, *, port: int, environ: Mapping[str, str]) -> None:
        self.name = name
        self.port = port
        self.log = home.log(name)
        self._environ = environ

    @property
    def address(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.port}"

    @property
    def gives(self) -> dict[str, str]:
        """Nothing: services do not call one another."""
        return {}

    def launch(self) -> Process:
        """Start it with its own port and the stack's addresses. Raises StackError."""
        if importlib.util.find_spec(f"services.{self.name}") is None:
            raise StackError(f"{self.name} cannot start: this release has no such service.")
        ports.require_free(self.port, part=self.name)
        rotate(self.log)
        return spawn([*MODULE, f"services.{self.name}"], log=self.log, environ=self._settings())

    def fault(self) -> str | None:
        """None if it is ready, else what it says is missing."""
        return fault(self.port)

    def _settings(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(ROOT), self._environ.get("PYTHONPATH", "")]))
        return {**self._environ, "PYTHONPATH": path, f"VOC_{self.name.upper()}_PORT": str(self.port)}


def fault(port: int) -> str | None:
    """None if /readyz on the loopback answers 200 within four seconds, else the reason."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=4)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        said = answer.read(_MOST).decode(errors="replace")
        return None if answer.status == 200 else _sentence(said) or f"{answer.status} {said}"
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()


def _sentence(said: str) -> str | None:
    """What /readyz says is missing (shared/http/health.py), for people; None for what is no answer of ours."""
    try:
        checks = msgspec.json.decode(said, type=_Readiness).checks
    except msgspec.DecodeError:
        return None
    return "; ".join(f"{name}: {fault}" for name, fault in checks.items() if fault != "ok") or None


class _Readiness(msgspec.Struct):
    checks: dict[str, str]
