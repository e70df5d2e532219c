"""Loads an ingest door over keep-alive connections, each with one request under way: a program of its own, so that it
shares no interpreter lock with what it measures.

`python -m bench.ingest_load --port P --key K --batch N --seconds S` prints one JSON line.
"""

import argparse
import asyncio
import random
from time import perf_counter
from typing import cast

import msgspec
import uvloop

CUSTOMERS = 100_000
_EVENT = (
    b'{"specversion":"1.0","id":"bench-%012d-%012d","source":"bench","type":"voc.interaction",'
    b'"subject":"crm:%09d","time":"2026-07-30T08:15:30.123Z","data":{"journey":"order-to-door",'
    b'"instance":"order-%012d","channel":"web","action":"placed","result":"succeeded","response_seconds":0.42,'
    b'"promised_at":"2026-08-02","attributes":{"basket":3,"country":"DE"}}}'
)


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What to send, and for how long."""

    port: int
    key: str
    connections: int = 64
    batch: int = 1
    warm_up: float = 2.0
    seconds: float = 8.0


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came back within the measured seconds. Latencies in milliseconds."""

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
    """One connection: the next request goes out when the answer is complete."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._transport: asyncio.Transport
        self._sent_at = 0.0
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class is none of asyncio's
        self._next()

    def data_received(self, data: bytes) -> None:
        received = self._received + data
        head = received.find(b"\r\n\r\n")
        if head < 0:
            self._received = received
            return
        lower = received[:head].lower()
        at = lower.find(b"content-length:") + 15
        if len(received) < head + 4 + int(lower[at : at + 10].split(b"\r", 1)[0]):
            self._received = received
            return
        self._received = b""
        self._run.answered(received, perf_counter() - self._sent_at)
        if self._run.going_on:
            self._next()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.closed()

    def _next(self) -> None:
        self._sent_at = perf_counter()
        self._transport.write(self._run.request())


class Run:
    """All connections together. Ids never repeat, customers do."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._run_id = random.randrange(10**12)
        self._numbers = iter(range(10**12))
        self._head = self._head_of(load)
        self._open = load.connections
        self._latencies: list[float] = []
        self._failed = 0
        self._first_failure = ""
        self._measuring = False
        self._ended = asyncio.get_running_loop().create_future()
        self.going_on = True

    async def result(self) -> Result:
        """Warm up, measure, and let the last answers come in."""
        loop = asyncio.get_running_loop()
        for _ in range(self._load.connections):
            await loop.create_connection(lambda: Client(self), "127.0.0.1", self._load.port)
        await asyncio.sleep(self._load.warm_up)
        self._measuring, began = True, perf_counter()
        await asyncio.sleep(self._load.seconds)
        self._measuring, seconds = False, perf_counter() - began
        self.going_on = False
        await self._ended
        sorted_ms = sorted(1000 * latency for latency in self._latencies) or [0.0]
        return Result(
            events=len(self._latencies) * self._load.batch,
            seconds=seconds,
            failed=self._failed,
            p50_ms=sorted_ms[len(sorted_ms) // 2],
            p99_ms=sorted_ms[len(sorted_ms) * 99 // 100],
            first_failure=self._first_failure,
        )

    def request(self) -> bytes:
        """The next request, whole."""
        if self._load.batch == 1:
            return self._head + self._event()
        return self._head + b"[" + b",".join([self._event() for _ in range(self._load.batch)]) + b"]"

    def answered(self, answer: bytes, latency: float) -> None:
        if not answer.startswith(b"HTTP/1.1 202"):
            self._failed += 1
            self._first_failure = self._first_failure or answer.decode(errors="replace")
        elif self._measuring:
            self._latencies.append(latency)

    def closed(self) -> None:
        self._open -= 1
        if not self._open and not self._ended.done():
            self._ended.set_result(None)

    def _event(self) -> bytes:
        number = next(self._numbers)
        return _EVENT % (self._run_id, number, random.randrange(CUSTOMERS), number)

    def _head_of(self, load: Load) -> bytes:
        size = len(_EVENT % (0, 0, 0, 0))
        length = size if load.batch == 1 else size * load.batch + load.batch + 1
        kind = "cloudevents+json" if load.batch == 1 else "cloudevents-batch+json"
        return (
            f"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nAuthorization: Bearer {load.key}\r\n"
            f"Content-Type: application/{kind}\r\nContent-Length: {length}\r\n\r\n"
        ).encode()


async def measure(load: Load) -> Result:
    """Run one load. Raises OSError where nobody listens."""
    return await Run(load).result()


def main() -> None:
    """Read the arguments, run, print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", default="none")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--warm-up", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=8.0)
    load = Load(**vars(parser.parse_args()))
    print(msgspec.json.encode(uvloop.run(measure(load))).decode())


if __name__ == "__main__":
    main()
