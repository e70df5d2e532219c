"""Loads a door over keep-alive connections, each with one request under way: a program of its own, so that it shares
no interpreter lock with what it measures, and the same one for every side.

`python -m bench.ingest_load --url U --manner voc --key K --batch N --seconds S [--rate R]` prints one JSON line.
"""

import argparse
import asyncio
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import msgspec
import uvloop

from bench.ingest_pace import AtOnce, ByTheClock, Pace
from bench.ingest_request import MANNERS, Requests, complete


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What to send, and for how long. Several URLs share the connections; `rate` is of events a second, None as many
    as are taken.
    """

    url: tuple[str, ...]
    manner: str
    key: str
    connections: int = 64
    batch: int = 1
    rate: float | None = None
    warm_up: float = 2.0
    seconds: float = 8.0


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came back of the requests that were due within the measured seconds. Latencies in milliseconds."""

    events: int
    seconds: float
    failed: int
    p50_ms: float
    p99_ms: float
    first_failure: str = ""

    @property
    def rate(self) -> float:
        """Acknowledged events a second."""
        return self.events / self.seconds


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, run: "Run", requests: Requests) -> None:
        self._run = run
        self._requests = requests
        self._transport: asyncio.Transport
        self._due = 0.0
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class is none of asyncio's
        self._run.pace.free(self)

    def data_received(self, data: bytes) -> None:
        received = self._received + data
        if not complete(received):
            self._received = received
            return
        self._received = b""
        self._run.answered(received, self._due)
        self._run.pace.free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.closed()

    def ask(self, due: float) -> None:
        self._due = due
        self._transport.write(self._requests.next())

    def close(self) -> None:
        self._transport.close()


class Run:
    """All connections together."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._acknowledged = MANNERS[load.manner].acknowledged
        self.pace: Pace = AtOnce()
        if load.rate is not None:
            self.pace = ByTheClock(load.rate / load.batch, begin=perf_counter())
        self._open = load.connections
        self._began, self._over = float("inf"), float("inf")
        self._latencies: list[float] = []
        self._failed = 0
        self._first_failure = ""
        self._ended = asyncio.get_running_loop().create_future()

    async def result(self) -> Result:
        """Warm up, measure, and let the last answers come in."""
        for number in range(self._load.connections):
            await self._connect(self._load.url[number % len(self._load.url)])
        pacing = asyncio.create_task(self.pace.keep())
        await asyncio.sleep(self._load.warm_up)
        self._began = perf_counter()
        await asyncio.sleep(self._load.seconds)
        self._over = perf_counter()
        self.pace.end()
        await pacing
        await self._ended
        sorted_ms = sorted(1000 * latency for latency in self._latencies) or [0.0]
        return Result(
            events=len(self._latencies) * self._load.batch,
            seconds=self._over - self._began,
            failed=self._failed,
            p50_ms=sorted_ms[len(sorted_ms) // 2],
            p99_ms=sorted_ms[len(sorted_ms) * 99 // 100],
            first_failure=self._first_failure,
        )

    def answered(self, answer: bytes, due: float) -> None:
        if not self._acknowledged(answer):
            self._failed += 1
            self._first_failure = self._first_failure or answer.decode(errors="replace")
        elif self._began <= due < self._over:
            self._latencies.append(perf_counter() - due)

    def closed(self) -> None:
        self._open -= 1
        if not self._open and not self._ended.done():
            self._ended.set_result(None)

    async def _connect(self, url: str) -> None:
        load, parts = self._load, urlsplit(url)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        requests = Requests(MANNERS[load.manner], batch=load.batch, host=f"{host}:{port}", key=load.key)
        await asyncio.get_running_loop().create_connection(lambda: Client(self, requests), host, port)


async def measure(load: Load) -> Result:
    """Run one load. Raises OSError where nobody listens."""
    return await Run(load).result()


def main() -> None:
    """Read the arguments, run, print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", action="append", required=True, help="a door; several share the connections")
    parser.add_argument("--manner", choices=MANNERS, default="voc")
    parser.add_argument("--key", default="none")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rate", type=float, help="events a second; as many as are taken where it is not given")
    parser.add_argument("--warm-up", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=8.0)
    load = msgspec.convert(vars(parser.parse_args()), Load)
    print(msgspec.json.encode(uvloop.run(measure(load))).decode())


if __name__ == "__main__":
    main()
