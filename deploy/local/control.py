"""What commands do: see that a supervisor is there, ask it, and wait for what it does."""

import os
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Literal

from deploy.local.failure import StackError
from deploy.local.home import Home, last_lines
from deploy.local.part import PARTS, Part
from deploy.local.port import require_all_free
from deploy.local.process import MODULE, SUPERVISOR, spawn
from deploy.local.request import post
from deploy.local.service import ROOT
from deploy.local.stack import PartState, Stack, read

_LOOK_AGAIN = 0.05
_SUPERVISOR = timedelta(seconds=20)
_TAKEN_UP = timedelta(seconds=90)  # it may be busy stopping something else
_READY = timedelta(seconds=180)

Told = Callable[[str, PartState], None]
"""Told of each part, once, when it is ready or has failed."""


def up(home: Home, parts: Iterable[Part], *, told: Told) -> None:
    """Have these parts run; returns when all are ready. Raises StackError with the first failure's sentence.

    What has been started stays.
    """
    names = [part.name for part in parts]
    _ask(home, "up", names)
    waiting, deadline = set(names), time.monotonic() + _READY.total_seconds()
    failures = []
    while waiting:
        stack = read(home)
        for name in [name for name in names if name in waiting]:
            state = stack.parts.get(name)
            if state is None:  # it was there when the request had been taken up
                waiting.discard(name)
                failures.append(f"{name} was taken down while it was being started; run `voc up` again.")
            elif state.phase in ("ready", "failed"):
                waiting.discard(name)
                told(name, state)
                failures += [state.message or name] if state.phase == "failed" else []
        if waiting:
            _still_there(home, stack, waiting, deadline)
    if failures:
        raise StackError(failures[0])


def down(home: Home, parts: Iterable[Part]) -> list[str]:
    """Have these parts stop; returns which of them ran, when they have ended. Raises StackError."""
    before, supervised = read(home), _supervised(home)
    names = [part.name for part in parts if part.name in before.parts]
    ran = [name for name in names if _ran(before.parts[name], supervised=supervised)]
    if names and (supervised or any(before.parts[name].runs for name in names)):
        _ask(home, "down", names)
    if not read(home).parts:
        _await(lambda: not _supervised(home), _SUPERVISOR, _hangs(home))
    if not _supervised(home) and not any(state.runs for state in read(home).parts.values()):
        home.stack.unlink(missing_ok=True)
    return ran


def check_ports() -> None:
    """Raises StackError for a port in the environment that is none."""
    for part in PARTS.values():
        part.port_in(os.environ)


def require_ports(home: Home, parts: Iterable[Part]) -> None:
    """Raises PortTaken, with all of them, for ports that parts are to have and that others have."""
    running = read(home).parts
    wanted: dict[str, int] = {}
    for part in parts:
        if part.name not in running or not running[part.name].runs:
            wanted |= part.ports_in(os.environ)
    require_all_free(wanted)


def _ask(home: Home, do: Literal["up", "down"], names: list[str]) -> None:
    """Post a request and return when it has been taken up, with a supervisor started where there is none."""
    check_ports()
    path = post(home, do, tuple(names), dict(os.environ))
    try:
        _await(lambda: not path.exists() or _see_to_supervisor(home), _TAKEN_UP, _hangs(home))
    finally:
        path.unlink(missing_ok=True)


def _see_to_supervisor(home: Home) -> bool:
    """Start a supervisor where there is none. False: the request is not taken up yet."""
    if not _supervised(home):
        log = home.log("supervisor")
        since = log.stat().st_size if log.exists() else 0
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        command: list[str | Path] = [*MODULE, SUPERVISOR, home.path]
        process = spawn(command, log=log, environ={**os.environ, "PYTHONPATH": path})
        _await(lambda: _supervised(home) or not process.alive, _SUPERVISOR, _hangs(home))
        if process.failed:  # one that found another there first ends in good order
            ends = "\n".join(f"  {line}" for line in last_lines(log, since=since))
            raise StackError(f"The supervisor {process.ending}; see {log}, which ends so:\n{ends}")
    return False


def _ran(state: PartState, *, supervised: bool) -> bool:
    """After a reboot the file still says `ready`: without a supervisor only what lives counts."""
    return state.runs or (supervised and state.phase != "failed")


def _supervised(home: Home) -> bool:
    supervisor = read(home).supervisor
    return supervisor is not None and supervisor.alive


def _still_there(home: Home, stack: Stack, waiting: set[str], deadline: float) -> None:
    time.sleep(_LOOK_AGAIN)
    if not _supervised(home) and read(home) == stack:
        raise StackError(f"The supervisor ended while {', '.join(waiting)} started; see {home.log('supervisor')}.")
    if time.monotonic() > deadline:
        name = next(name for name in PARTS if name in waiting)
        said = stack.parts[name].message if name in stack.parts else None
        raise StackError(f"{name} is not ready after {_READY.total_seconds():.0f} s ({said}); see {home.log(name)}.")


def _hangs(home: Home) -> str:
    supervisor = read(home).supervisor
    pid = f" (pid {supervisor.pid})" if supervisor else ""
    return f"The supervisor{pid} does not answer; see {home.log('supervisor')}, end it and run the command again."


def _await(condition: Callable[[], bool], longest: timedelta, otherwise: str) -> None:
    deadline = time.monotonic() + longest.total_seconds()
    while not condition():
        if time.monotonic() > deadline:
            raise StackError(otherwise)
        time.sleep(_LOOK_AGAIN)
