"""Processes that outlive the command which starts them: start one, recognise it later, stop it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import msgspec
import psutil

_LOOK_AGAIN = 0.02

MODULE = (sys.executable, "-P", "-m")
"""How a module of ours is started: -P, or a folder `services` where the command was typed would be taken for ours."""
SUPERVISOR = "deploy.local.supervisor"
"""The module that watches over a stack; the last word of its command is the stack's home."""


class Birth(msgspec.Struct, frozen=True):
    """Who a process is. The number alone comes back after a reboot, number and birth together never do."""

    pid: int
    born: str

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The process with this number; None where there is none, or only a zombie nobody has buried."""
        born = _born(pid)
        return None if born is None else cls(pid, born)

    @property
    def alive(self) -> bool:
        return _born(self.pid) == self.born


class Process:
    """A running part: a child of ours, or one adopted from a supervisor that is gone."""

    def __init__(self, birth: Birth, *, child: "subprocess.Popen[bytes] | None" = None) -> None:
        self.birth = birth
        self._child = child

    @property
    def pid(self) -> int:
        return self.birth.pid

    @property
    def alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return self.birth.alive

    @property
    def failed(self) -> bool:
        """Whether it is a child of ours that ended badly."""
        return self._child is not None and self._child.poll() not in (None, 0)

    @property
    def ending(self) -> str:
        """How it ended, for a log or a sentence."""
        code = None if self._child is None else self._child.poll()
        if code is None:
            return "ended"
        return f"ended with exit code {code}" if code >= 0 else f"ended by {signal.Signals(-code).name}"

    def send(self, what: signal.Signals) -> None:
        if self.alive:
            os.kill(self.pid, what)

    def stop(self, *, by: signal.Signals, grace: timedelta) -> bool:
        """Ask it to end, and make it end after `grace`. False if it had to be killed."""
        self.send(by)
        if self.wait(grace):
            return True
        self.send(signal.SIGKILL)
        self.wait(timedelta(seconds=10))
        return False

    def end_group(self, *, by: signal.Signals, grace: timedelta) -> None:
        """Ask a child to end, and end what is left of its process group after `grace` or when it has ended.

        Until a child is buried, nobody else gets its number; so this asks first how it is, and buries it last.
        """
        if self._child is None or self._child.returncode is not None:
            return
        deadline = time.monotonic() + grace.total_seconds()
        os.kill(self.pid, by)
        while self.birth.alive and time.monotonic() < deadline:
            time.sleep(_LOOK_AGAIN)
        with suppress(ProcessLookupError, PermissionError):  # macOS forbids it where only the dead are left
            os.killpg(self.pid, signal.SIGKILL)
        self.wait(timedelta(seconds=10))

    def wait(self, longest: timedelta) -> bool:
        """Whether it has ended within that time."""
        deadline = time.monotonic() + longest.total_seconds()
        while self.alive:
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_AGAIN)
        return True


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    environ: Mapping[str, str] | None = None,
    apart: bool = True,
    **options: Any,
) -> Process:
    """Start a process in a session of its own, writing to the end of `log`. `options` go to `subprocess.Popen`.

    One that is not `apart` stays in our process group, and is ended with it.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environ,
            start_new_session=apart,
            **options,
        )
    return Process(Birth.of(child.pid) or Birth(child.pid, "ended at once"), child=child)


def _born(pid: int) -> str | None:
    """When a process was born: ticks since a boot where the kernel tells both, because a set clock moves the rest."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"
    except ProcessLookupError:
        return None
    except FileNotFoundError:
        return None if os.path.isdir("/proc/self") else _born_elsewhere(pid)


def _born_elsewhere(pid: int) -> str | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None
