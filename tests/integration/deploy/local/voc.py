"""A home of its own on free ports, and the commands as people type them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.local import port as ports
from deploy.local.home import Home
from deploy.local.stack import Stack, read

GIVEN = ("VOC_KAFKA_BOOTSTRAP_SERVERS", "VOC_DATABASE_URL")


class Voc:
    """`voc` in the folder `home`. Kafka and PostgreSQL alone: the services have tests of their own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = Home.at(home)
        self.ports = {"kafka": ports.free(), "postgres": ports.free()}
        moved = {f"VOC_{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
        self.environ = {**kept, **moved, "VOC_HOME": str(home), **settings}

    def run(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "cli.main", *arguments]
        environ = {**self.environ, **settings}
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=180, check=False)

    def up(self, *parts: str, **settings: str) -> str:
        done = self.run("up", *(parts or ("kafka", "postgres")), **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def down(self, *parts: str) -> str:
        done = self.run("down", *parts)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status(self, **settings: str) -> dict[str, dict[str, Any]]:
        done = self.run("status", "--json", **settings)
        assert done.returncode == 0, done.stderr
        found: dict[str, dict[str, Any]] = json.loads(done.stdout)
        return found

    def pids(self) -> dict[str, int]:
        return {name: part["pid"] for name, part in self.status().items() if part["pid"]}

    @property
    def stack(self) -> Stack:
        return read(self.home)


def eventually(condition: Callable[[], bool], *, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
