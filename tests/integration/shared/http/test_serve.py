"""A process that serves beside its work, as whoever starts and stops it sees it."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.processes import free_port

TREE = Path(__file__).parents[4]
PROGRAM = """
import asyncio, sys
import uvicorn
from fastapi import FastAPI
from shared.errors import VocError
from shared.http.serve import serve
from shared.telemetry.logging import configure

configure("test")

async def work():
    {work}

async def main():
    try:
        await serve(uvicorn.Config(FastAPI(), port=int(sys.argv[1]), log_config=None), work())
    finally:
        print("closed in order", flush=True)

asyncio.run(main())
"""


def start(work: str, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(work=work), str(port)],
        cwd=TREE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until_it_listens(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("it never listened")


def test_a_signal_ends_it_in_order() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        port = free_port()
        process = start("await asyncio.sleep(600)", port)
        until_it_listens(port)
        process.send_signal(number)
        said, complained = process.communicate(timeout=60)
        assert (process.returncode, said, complained) == (0, "closed in order\n", "")


def test_work_that_fails_with_a_sentence_says_it_and_ends_the_process() -> None:
    process = start("raise VocError('The topic was made again.')", free_port())
    said, complained = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "closed in order\n")
    line = json.loads(complained)
    assert (line["event"], line["reason"]) == ("stopped", "The topic was made again.")
    assert "exception" not in line


def test_work_that_fails_otherwise_shows_where() -> None:
    process = start("1 / 0", free_port())
    _, complained = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "ZeroDivisionError" in json.loads(complained)["exception"]


def test_work_that_ends_ends_it_well() -> None:
    process = start("return", free_port())
    assert process.communicate(timeout=60) == ("closed in order\n", "")
    assert process.returncode == 0


def test_a_port_that_is_taken_is_a_failure() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        process = start("await asyncio.sleep(600)", holder.getsockname()[1])
        said, complained = process.communicate(timeout=60)
    assert (process.returncode != 0, said) == (True, "closed in order\n")
    assert "address already in use" in complained
