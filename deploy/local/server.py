"""A broker or a database that answers: started, stopped, killed, frozen and started again."""

import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from deploy.local.failure import Died, StackError
from deploy.local.home import last_lines
from deploy.local.process import Process

_LOOK_AGAIN = 0.05


class Startable(Protocol):
    """What a broker, a database and a service have in common. `gives` is what others need to know of it: settings."""

    name: str
    port: int
    log: Path
    stops_by: signal.Signals
    grace: timedelta

    @property
    def address(self) -> str: ...
    @property
    def gives(self) -> dict[str, str]: ...
    def launch(self) -> Process: ...
    def fault(self) -> str | None: ...


class Server:
    """One that runs, in the hands of a test. `address` is what a client is given."""

    def __init__(self, startable: Startable, *, longest: timedelta = timedelta(seconds=60)) -> None:
        self._startable = startable
        self._longest = longest
        self._process = self._started()

    @property
    def address(self) -> str:
        return self._startable.address

    @property
    def port(self) -> int:
        return self._startable.port

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> Path:
        return self._startable.log

    def stop(self) -> None:
        """End it in good order; nothing happens if it does not run."""
        self.thaw()
        self._process.stop(by=self._startable.stops_by, grace=self._startable.grace)

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        self._process.stop(by=signal.SIGKILL, grace=timedelta(seconds=10))

    def freeze(self) -> None:
        """SIGSTOP: it keeps its connections and answers nothing."""
        self._process.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send(signal.SIGCONT)

    def restart(self) -> None:
        """Stop it if it runs, start it on the same port and data, return when it answers."""
        self.stop()
        self._process = self._started()

    def _started(self) -> Process:
        since = self.log.stat().st_size if self.log.exists() else 0
        process = self._startable.launch()
        try:
            await_ready(self._startable, process, longest=self._longest, since=since)
        except StackError:
            process.stop(by=signal.SIGKILL, grace=timedelta(seconds=10))
            raise
        return process


def await_ready(
    part: Startable,
    process: Process,
    *,
    longest: timedelta,
    since: int = 0,
    go_on: Callable[[], bool] = lambda: True,
) -> None:
    """Return when `part` answers, or when `go_on` says no. Raises Died when it ends, StackError when it is late."""
    deadline = time.monotonic() + longest.total_seconds()
    while go_on() and (fault := part.fault()) is not None:
        if not process.alive:
            raise Died(not_started(part, f"it {process.ending}", since=since))
        if time.monotonic() > deadline:
            late = f"it is not ready after {longest.total_seconds():.0f} s ({fault})"
            raise StackError(not_started(part, late, since=since))
        time.sleep(_LOOK_AGAIN)


def not_started(part: Startable, why: str, *, since: int) -> str:
    """The sentence for a part that did not come up, with the end of its log."""
    lines = last_lines(part.log, since=since)
    ends = "its log is empty" if not lines else "which ends so:\n" + "\n".join(f"  {line}" for line in lines)
    return f"{part.name} did not start: {why}; see {part.log}, {ends}"
