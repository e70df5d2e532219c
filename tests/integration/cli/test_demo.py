"""`voc demo` as a stranger runs it, in a folder of his own."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local import port as ports
from deploy.local.part import PARTS
from tests.processes import ROOT


class Demo:
    """The command in a folder of its own, on free ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: ports.free() for name in PARTS}
        moved = {f"VOC_{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        moved["VOC_INBOX_SMTP_PORT"] = str(ports.free())
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VOC_") or name == "VOC_CACHE"}
        self.environ = {**kept, **moved, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}

    def run(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "cli.main", *words]
        environ = {**self.environ, **settings}
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, timeout=300, check=False
        )

    def ask(self, path: str, key: str) -> httpx.Response:
        """The read API."""
        url = f"http://127.0.0.1:{self.ports['insights']}{path}"
        return httpx.get(url, headers={"Authorization": f"Bearer {key}"}, timeout=20)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    found = Demo(tmp_path_factory.mktemp("stranger"))
    yield found
    found.run("down", VOC_HOME=".voc-demo")


def test_the_story_is_told_anew_whatever_runs_there(demo: Demo) -> None:
    assert demo.run("up", "postgres", VOC_HOME=".voc-demo").returncode == 0
    key = demo.run("key", "create", "--name", "mine", "--scope", "read", VOC_HOME=".voc-demo").stdout.strip()
    assert key

    other = "postgresql://voc@127.0.0.1:9/somebody-elses"
    foreign = {"VOC_KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "VOC_HOST": "203.0.113.9", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = demo.run("demo", VOC_DATABASE_URL=other, VOC_HOME="somebody-elses", NO_PROXY="", **foreign)
    assert done.returncode == 0, done.stderr + done.stdout
    assert not (demo.folder / "somebody-elses").exists(), "no other home is ever emptied"
    sent = re.search(r"([\d,]+) events are through the door", done.stdout)
    assert sent
    assert f"{sent[1]} events are scored" in done.stdout
    for said in ("From order to door", "promise_kept", "week of ", "persona ", "On the promised day", "missed"):
        assert said in done.stdout

    (shown,) = set(re.findall(r"Bearer (voc_[\w-]+)", done.stdout))
    assert demo.ask("/v1/journeys", key).status_code == 401, "the database is a new one"
    journey = demo.ask("/v1/journeys/order-to-door", shown).json()
    touchpoints = [touchpoint for stage in journey["stages"] for touchpoint in stage["touchpoints"]]
    (measure,) = [m for t in touchpoints for m in t["measures"] if m["metric"] == "promise_kept"]
    assert f" {measure['n']} " in done.stdout
    assert measure["value"] < 85, "the carrier's trouble shows"


def test_a_port_that_is_taken_is_said_before_anything_starts(demo: Demo) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        done = demo.run("demo", VOC_INGEST_PORT=str(somebody.getsockname()[1]))
    assert done.returncode == 1
    assert re.search(r"port \d+, which ingest needs, is taken by .*\(pid \d+\)", done.stderr)
    assert "VOC_INGEST_PORT" in done.stderr
    assert "✓" not in done.stdout
