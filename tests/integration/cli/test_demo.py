"""`voc demo` as a stranger runs it, in a folder of his own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
        with self.started(*words, **settings) as process:
            stdout, stderr = process.communicate(timeout=300)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def started(self, *words: str, **settings: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-u", "-m", "cli.main", *words]
        environ = {**self.environ, **settings}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=environ, stdout=pipe, stderr=pipe, text=True)

    def moment(self, key: str) -> Any:
        """The moment of the story."""
        journey = self.ask("/v1/journeys/order-to-door", key).json()
        touchpoints = [touchpoint for stage in journey["stages"] for touchpoint in stage["touchpoints"]]
        return next(touchpoint for touchpoint in touchpoints if touchpoint["touchpoint"] == "parcel-arrives")

    def received(self) -> str:
        """All messages, as `voc inbox --json` prints them."""
        return httpx.get(f"http://127.0.0.1:{self.ports['inbox']}/messages", timeout=20).text

    def ask(self, path: str, key: str) -> httpx.Response:
        """The read API."""
        url = f"http://127.0.0.1:{self.ports['insights']}{path}"
        return httpx.get(url, headers={"Authorization": f"Bearer {key}"}, timeout=20)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    found = Demo(tmp_path_factory.mktemp("stranger"))
    yield found
    found.run("down", VOC_HOME=".voc-demo")


def test_recover_wants_a_demo_that_runs(demo: Demo) -> None:
    done = demo.run("demo", "recover")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The demo does not run here: `voc demo` first.\n"
    assert not (demo.folder / ".voc-demo").exists()


def test_it_can_be_stopped_at_any_moment(demo: Demo) -> None:
    with demo.started("demo") as process:
        assert process.stdout is not None
        heard = ""
        while "events are scored" not in heard:
            line = process.stdout.readline()
            assert line, heard
            heard += line
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "Stopped. What has been started runs on" in said
    assert "Traceback" not in said
    done = demo.run("demo", "recover")
    assert done.returncode == 1
    assert "stopped before its carrier failed" in done.stderr


def test_the_story_is_told_anew_whatever_runs_there_and_its_end_too(demo: Demo) -> None:
    key = demo.run("key", "create", "--name", "mine", "--scope", "read", VOC_HOME=".voc-demo").stdout.strip()
    assert key, "of the demo that was stopped"

    other = "postgresql://voc@127.0.0.1:9/somebody-elses"
    foreign = {"VOC_KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "VOC_HOST": "203.0.113.9", "HTTP_PROXY": "http://127.0.0.1:9"}
    foreign |= {"VOC_SLACK_API_URL": "https://slack.invalid/api/", "VOC_SLACK_TOKEN": "of-somebody-else"}
    done = demo.run("demo", VOC_DATABASE_URL=other, VOC_HOME="somebody-elses", NO_PROXY="", **foreign)
    assert done.returncode == 0, done.stderr + done.stdout
    assert not (demo.folder / "somebody-elses").exists(), "no other home is ever emptied"
    sent = re.search(r"([\d,]+) events are through the door", done.stdout)
    assert sent
    assert f"{sent[1]} events are scored" in done.stdout
    story = ("The parcel arrives is green", "The parcel arrives is red", "told in Slack", "told by mail")
    shown = ("Slack to #delivery", "Mail to delivery@nordwind.example", "From order to door", "treatment", "missed")
    for said in (*story, *shown, "demo recover"):
        assert said in done.stdout

    (key_shown,) = set(re.findall(r"Bearer (voc_[\w-]+)", done.stdout))
    assert demo.ask("/v1/journeys", key).status_code == 401, "the database is a new one"
    assert demo.moment(key_shown)["status"] == "red"
    links = set(re.findall(r"http://\S+/look/\w+/[\w:@.%-]+", demo.received()))
    assert {link.split("/")[-2] for link in links} == {"journeys", "episodes", "customers"}
    for link in links:
        assert httpx.get(link, timeout=20).status_code == 200, "whoever clicks has no key"

    done = demo.run("demo", "recover", **foreign)
    assert done.returncode == 0, done.stderr + done.stdout
    for said in (
        "told in the thread of #delivery",
        "told delivery@nordwind.example",
        "all is well again",
        "red no more",
    ):
        assert said in done.stdout
    assert demo.moment(key_shown)["status"] == "green"
    done = demo.run("demo", "recover")
    assert done.returncode == 1
    assert "There is nothing to mend: the moment is green." in done.stderr


def test_a_port_that_is_taken_is_said_before_anything_starts(demo: Demo) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        done = demo.run("demo", VOC_INGEST_PORT=str(somebody.getsockname()[1]))
    assert done.returncode == 1
    assert re.search(r"port \d+, which ingest needs, is taken by .*\(pid \d+\)", done.stderr)
    assert "VOC_INGEST_PORT" in done.stderr
    assert "✓" not in done.stdout
