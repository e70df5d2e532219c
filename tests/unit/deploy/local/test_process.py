"""Who a process is, and whether it still is: a stale number must never stand for somebody else."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec

from deploy.local.process import Birth, Process, spawn

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_we_are_alive_and_come_back_the_same_from_a_file() -> None:
    birth = Birth.of(os.getpid())
    assert birth is not None
    assert birth.alive
    assert msgspec.json.decode(msgspec.json.encode(birth), type=Birth).alive


def test_another_process_with_our_number_is_not_us(tmp_path: Path) -> None:
    assert not Birth(os.getpid(), "a boot ago").alive
    child, here = spawn(SLEEP, log=tmp_path / "log"), Birth.of(os.getpid())
    assert here is not None
    assert child.birth.born != here.born, "born at least a tick later; the shell that started us may not be"
    child.stop(by=signal.SIGKILL, grace=timedelta(seconds=10))


def test_a_number_without_a_process_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert Birth.of(child.pid) is None


def test_a_zombie_is_dead() -> None:
    child = subprocess.Popen(SLEEP)
    birth = Birth.of(child.pid)
    assert birth is not None
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, and not buried
    assert not birth.alive
    child.wait()


def test_a_process_is_stopped_and_says_how_it_ended(tmp_path: Path) -> None:
    process = spawn(SLEEP, log=tmp_path / "log")
    assert process.alive
    assert process.stop(by=signal.SIGTERM, grace=timedelta(seconds=10))
    assert not process.alive
    assert process.ending == "ended by SIGTERM"


def test_one_that_does_not_listen_is_killed_after_its_grace(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = spawn(STUBBORN, log=log)
    while not log.read_text():
        pass
    assert not process.stop(by=signal.SIGTERM, grace=timedelta(seconds=0.2))
    assert not process.alive


def test_what_a_killed_child_left_in_its_group_is_ended_with_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    parent = spawn([sys.executable, "-c", PARENT], log=log)
    while not log.read_text().endswith("\n"):
        pass
    left = Birth.of(int(log.read_text()))
    assert left is not None
    os.kill(parent.pid, signal.SIGKILL)
    parent.end_group(by=signal.SIGTERM, grace=timedelta(seconds=10))
    while left.alive:
        pass
    assert not parent.alive
    parent.end_group(
        by=signal.SIGTERM, grace=timedelta(seconds=10)
    )  # buried: its number is nobody's, or somebody else's


def test_an_adopted_process_is_watched_and_stopped_like_a_child(tmp_path: Path) -> None:
    child = spawn(SLEEP, log=tmp_path / "log")
    adopted = Process(child.birth)
    assert adopted.alive
    adopted.stop(by=signal.SIGTERM, grace=timedelta(seconds=10))
    assert not adopted.alive


def test_nothing_is_sent_to_a_process_that_took_the_number(tmp_path: Path) -> None:
    child = spawn(SLEEP, log=tmp_path / "log")
    stale = Process(Birth(child.pid, "before the reboot"))
    assert stale.stop(by=signal.SIGKILL, grace=timedelta(seconds=0))
    assert child.alive
    child.stop(by=signal.SIGKILL, grace=timedelta(seconds=10))
