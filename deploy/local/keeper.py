"""Keeps one part running: starts it, waits until it answers, starts it again when it dies."""

import threading
import time
from collections.abc import Callable

import structlog

from deploy.local.failure import Died, StackError
from deploy.local.part import Part
from deploy.local.process import Process
from deploy.local.server import Startable, await_ready
from deploy.local.stack import PartState, Phase

_LOOK_AGAIN = 0.1
_TRIES = 3  # of a first start: a database that was killed needs a moment until its memory is free
_STEADY = 60.0  # seconds after which earlier deaths are forgotten
_LONGEST_PAUSE = 30.0


def pause_after(deaths: int) -> float:
    """Seconds before a part is started again: a half, then twice as long each time, half a minute at most."""
    return min(_LONGEST_PAUSE, 0.5 * 2.0 ** min(deaths - 1, 10))


class Keeper:
    """One part and the thread that looks after it. `changed` is called with each new state, from that thread."""

    def __init__(self, part: Part, startable: Startable, *, needs: "list[Keeper]", changed: Callable[[], None]) -> None:
        self.part = part
        self.state = PartState(phase="starting", port=startable.port, address=startable.address, gives=startable.gives)
        self._startable = startable
        self._needs = needs
        self._changed = changed
        self._process: Process | None = None
        self._unwanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name=part.name, daemon=True)
        self._log = structlog.get_logger().bind(part=part.name)

    def start(self, *, adopted: Process | None = None) -> None:
        """Begin. A process that is `adopted` runs already, left behind by a supervisor that was killed."""
        self._process = adopted
        self._thread.start()

    def leave(self) -> None:
        """Stop the part and do not start it again; returns at once."""
        self._unwanted.set()

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def _run(self) -> None:
        try:
            self._keep()
        except Exception:  # the outermost loop of this thread: whoever waits for the part must hear of it
            self._log.exception("gave up")
            self._end_process()
            self._fail(f"{self.part.name} could not be looked after; see supervisor.log beside {self._startable.log}.")

    def _keep(self) -> None:
        deaths, been_ready = 0, False
        while not self._unwanted.is_set():
            try:
                been_ready_since = self._bring_up()
                been_ready = True
                self._watch()
                deaths = 0 if time.monotonic() - been_ready_since > _STEADY else deaths
                why = self._process.ending if self._process else "ended"
            except (StackError, OSError) as error:
                self._end_process()
                why = str(error)
                hopeless = deaths + 1 >= _TRIES or not isinstance(error, Died)
                if hopeless and not been_ready:
                    self._fail(why)
                    return
            if not self._unwanted.is_set():
                deaths += 1
                self._rest(deaths, why)
        self._say("stopping")
        self._end_process()

    def _bring_up(self) -> float:
        """Start and wait until it answers; returns when that was. Raises StackError."""
        self._await_needs()
        began, since = time.monotonic(), self._log_size()
        self._say("starting", message=self.state.message)
        if self._process is None and not self._unwanted.is_set():
            self._process = self._startable.launch()
            self._log.info("started", pid=self._process.pid)
        if self._process is not None:
            self._say("starting", message=self.state.message)
            self._await_ready(self._process, since)
        if not self._unwanted.is_set():
            self._say("ready", seconds=time.monotonic() - began)
            self._log.info("ready", seconds=round(self.state.seconds, 2))
        return time.monotonic()

    def _await_ready(self, process: Process, since: int) -> None:
        longest, go_on = self.part.longest, lambda: not self._unwanted.is_set()
        await_ready(self._startable, process, longest=longest, since=since, go_on=go_on)

    def _await_needs(self) -> None:
        """Hold a first start until what it needs is there. Raises StackError when that has failed."""
        while not self._unwanted.wait(_LOOK_AGAIN / 2):
            phases = {keeper.part.name: keeper.state.phase for keeper in self._needs}
            if failed := [name for name, phase in phases.items() if phase == "failed"]:
                raise StackError(f"{self.part.name} was not started: it needs {failed[0]}.")
            if self.state.restarts or set(phases.values()) <= {"ready"}:
                return

    def _watch(self) -> None:
        while self._process and self._process.alive and not self._unwanted.wait(_LOOK_AGAIN):
            pass

    def _rest(self, deaths: int, why: str) -> None:
        pause = pause_after(deaths)
        self._process = None
        self._log.warning("died, will be started again", why=why, pause_seconds=pause)
        self._say("waiting", restarts=self.state.restarts + 1, message=f"{self.part.name} {why}")
        self._unwanted.wait(pause)

    def _fail(self, why: str) -> None:
        self._log.error("did not start", why=why)
        self._say("failed", message=why)

    def _end_process(self) -> None:
        if self._process is None or not self._process.alive:
            self._process = None
            return
        gently = self._process.stop(by=self._startable.stops_by, grace=self._startable.grace)
        self._log.info("stopped", killed=not gently)
        self._process = None

    def _say(
        self, phase: Phase, *, seconds: float = 0.0, restarts: int | None = None, message: str | None = None
    ) -> None:
        self.state = PartState(
            phase=phase,
            port=self.state.port,
            address=self.state.address,
            gives=self.state.gives,
            process=self._process.birth if self._process else None,
            restarts=self.state.restarts if restarts is None else restarts,
            seconds=seconds or self.state.seconds,
            message=message,
        )
        self._changed()

    def _log_size(self) -> int:
        return self._startable.log.stat().st_size if self._startable.log.exists() else 0
