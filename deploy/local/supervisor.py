"""`python -m deploy.local.supervisor HOME`: starts the parts, keeps them running, stops them, one for each home.

It holds a lock for as long as it lives, which no reboot and no SIGKILL leaves behind, takes requests from the folder
`requests/`, and writes what runs into `stack.json`. It ends when nothing is wanted any more; SIGTERM stops everything.
What a killed supervisor has left running is adopted by the next one.
"""

import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import IO

import structlog

from deploy.local.home import Home, rotate
from deploy.local.keeper import Keeper
from deploy.local.part import PARTS
from deploy.local.process import MODULE, Birth, Process, spawn
from deploy.local.request import Request, pending
from deploy.local.stack import Stack, read, write
from shared.telemetry.logging import configure

_LOOK_AGAIN = 0.1
_NOTHING_WANTED = 10.0  # seconds to wait for the request of whoever started us
_ROTATE_EVERY = 30.0  # after which also the first start is long over


def locked(home: Home) -> IO[str] | None:
    """The lock of the home's supervisor, to be kept open; None while somebody else has it."""
    guard = (home.path / "supervisor.lock").open("w")
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        guard.close()
        return None
    return guard


class Supervisor:
    """The parts of one home."""

    def __init__(self, home: Home, environ: Mapping[str, str]) -> None:
        self._home = home
        self._environ = environ
        self._keepers: dict[str, Keeper] = {}
        self._writing = threading.Lock()
        self._ending = threading.Event()
        self._warming: Process | None = None
        self._log = structlog.get_logger()

    def run(self) -> None:
        """Until nothing is wanted, or somebody wants us to end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self._ending.set())
        self._adopt()
        self._write()
        patient_until = time.monotonic() + _NOTHING_WANTED
        rotate_at = time.monotonic() + _ROTATE_EVERY
        while not self._ending.wait(_LOOK_AGAIN):
            for path, request in pending(self._home):
                self._handle(request)
                self._write()
                path.unlink(missing_ok=True)
                patient_until = 0.0
            if self._idle() and time.monotonic() > patient_until:
                break
            if time.monotonic() > rotate_at:
                self._rotate()
                self._warm()
                rotate_at = time.monotonic() + _ROTATE_EVERY
        self._end()

    def _idle(self) -> bool:
        return all(keeper.state.phase == "failed" for keeper in self._keepers.values())

    def _end(self) -> None:
        """What failed stays in the file, for whoever asks later why it does not run."""
        if self._warming:
            self._warming.end_group(by=signal.SIGTERM, grace=timedelta(seconds=2))
        self._stop([name for name, keeper in self._keepers.items() if keeper.state.phase != "failed"])
        self._write()
        self._log.info("ended")

    def _adopt(self) -> None:
        """Take over what an earlier supervisor left, on the ports it runs on."""
        left = read(self._home).parts
        for name in PARTS:
            if (state := left.get(name)) and state.process and state.runs:
                self._log.info("adopted", part=name, pid=state.process.pid)
                port = {f"VOC_{name.upper()}_PORT": str(state.port)}
                self._keep(name, {**self._environ, **port}, adopted=Process(state.process))

    def _handle(self, request: Request) -> None:
        self._log.info(request.do, parts=request.parts)
        if request.do == "down":
            self._stop(request.parts)
            return
        for name in request.parts:
            keeper = self._keepers.get(name)
            if keeper is None or keeper.state.phase == "failed":
                self._keep(name, request.environ)

    def _keep(self, name: str, environ: Mapping[str, str], *, adopted: Process | None = None) -> None:
        part = PARTS[name]
        needs = [self._keepers[need] for need in part.needs if need in self._keepers]
        startable = part.startable(self._home, {**self._given(besides=name), **environ})
        self._keepers[name] = Keeper(part, startable, needs=needs, changed=self._write)
        self._keepers[name].start(adopted=adopted)

    def _given(self, *, besides: str) -> dict[str, str]:
        """How the others of this home are reached, which may be elsewhere than today's settings would put them."""
        kept = [keeper for name, keeper in self._keepers.items() if name != besides]
        return {variable: value for keeper in kept for variable, value in keeper.state.gives.items()}

    def _stop(self, names: Iterable[str]) -> None:
        """Services first, then what they need."""
        leaving = [self._keepers[name] for name in names if name in self._keepers]
        for wave in ([k for k in leaving if k.part.needs], [k for k in leaving if not k.part.needs]):
            for keeper in wave:
                keeper.leave()
            for keeper in wave:
                keeper.join()
                del self._keepers[keeper.part.name]

    def _rotate(self) -> None:
        for log in self._home.logs.glob("*.log"):
            rotate(log)

    def _warm(self) -> None:
        """Once, and behind everything else: make the cache that lets the next Kafka start in half the time."""
        kafka = self._keepers.get("kafka")
        if self._warming is None and kafka and kafka.state.phase == "ready":
            self._warming = spawn([*MODULE, "deploy.local.warm"], log=self._home.log("supervisor"))

    def _write(self) -> None:
        with self._writing:
            parts = {name: keeper.state for name, keeper in list(self._keepers.items())}
            write(self._home, Stack(supervisor=Birth.of(os.getpid()), parts=parts))


def main() -> None:
    """Supervise the home named on the command line, unless somebody does already."""
    home = Home.at(Path(sys.argv[1]))
    guard = locked(home)
    if guard is None:
        return
    with guard:
        configure("supervisor")
        Supervisor(home, os.environ).run()


if __name__ == "__main__":
    main()
