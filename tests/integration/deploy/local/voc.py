"""A home of its own on free ports, and the commands as people type them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from deploy.local import port as ports
from deploy.local.home import Home
from deploy.local.part import PARTS
from deploy.local.stack import Stack, read
from deploy.local.status import status
from tests.processes import ROOT

GIVEN = ("VOC_KAFKA_BOOTSTRAP_SERVERS", "VOC_DATABASE_URL", "VOC_SLACK_API_URL", "VOC_SLACK_TOKEN", "VOC_SMTP_URL")


class Voc:
    """`voc` in the folder `home`, with these parts on free ports; all of the table without any."""

    def __init__(self, home: Path, *parts: str, **settings: str) -> None:
        self.home = Home.at(home)
        self.parts = parts or tuple(PARTS)
        self.ports = {name: ports.free() for name in PARTS}
        moved = {f"VOC_{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        moved["VOC_INBOX_SMTP_PORT"] = str(ports.free())
        kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
        self.environ = {**kept, **moved, "VOC_HOME": str(home), "PYTHONPATH": str(ROOT), **settings}

    def run(self, *arguments: str | Path, before: Sequence[str] = (), **settings: str) -> CompletedProcess[str]:
        """A command as people type it; `before` is what they put in front of it."""
        command = [*before, sys.executable, "-P", "-m", "cli.main", *map(str, arguments)]
        environ = {**self.environ, **settings}
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=180, check=False)

    def said(self, *arguments: str | Path, **settings: str) -> str:
        """What a command that succeeds prints."""
        done = self.run(*arguments, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def up(self, *parts: str) -> str:
        return self.said("up", *(parts or self.parts))

    def down(self, *parts: str) -> str:
        return self.said("down", *parts)

    def status(self) -> dict[str, dict[str, Any]]:
        """As `voc status --json` prints it."""
        found: dict[str, dict[str, Any]] = json.loads(self.said("status", "--json"))
        return found

    def healthy(self, part: str) -> bool:
        """What `voc status` would say of it, without the third of a second that a command takes."""
        return status(self.home, self.environ)[part].healthy

    def pids(self) -> dict[str, int]:
        """Who runs."""
        return {name: state.process.pid for name, state in self.stack.parts.items() if state.runs and state.process}

    def came_back(self, part: str, before: dict[str, int]) -> bool:
        """Whether a part that ran before is ready again, as another process."""
        state = self.stack.parts[part]
        return state.phase == "ready" and self.pids().get(part) not in (None, before[part])

    @property
    def stack(self) -> Stack:
        return read(self.home)


def eventually(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
