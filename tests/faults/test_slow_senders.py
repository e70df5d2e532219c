"""Senders that trickle, stall and never end: the door keeps its memory, and answers others meanwhile."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from deploy.local.server import Server
from tests.faults.load import Load
from tests.keys import make_key
from tests.processes import Service

MOST_GROWTH = 64 * 1024 * 1024
GIB = 1024**3
PIECE = b" " * (256 * 1024)
CHUNK = b"%x\r\n%b\r\n" % (len(PIECE), PIECE)
LONG = b" " * 900_000  # nearly the longest body
SLOW = 300  # connections
STALLED = 150
LIMITS = {"VOC_INGEST_HEAD_SECONDS": "2", "VOC_INGEST_BODY_SECONDS": "2"}

CLOSED = b"closed"  # before whoever was still sending could read why
CHUNKED, GIB_LONG, LONG_BODY = "Transfer-Encoding: chunked", f"Content-Length: {GIB}", "Content-Length: 1000000"


@pytest.fixture(scope="module")
def ingest(kafka: Server, database_url: str, workshop: Path) -> Iterator[Service]:
    addresses = {"VOC_KAFKA_BOOTSTRAP_SERVERS": kafka.address, "VOC_DATABASE_URL": database_url}
    service = Service("ingest", workshop, **addresses, **LIMITS)
    yield service.start().ready()
    service.stop()


@pytest.fixture
async def load(ingest: Service, database_url: str) -> Load:
    return Load(ingest.url, await make_key(database_url, "ingest"))


class Sender:
    """Requests of which each byte is ours."""

    def __init__(self, port: int, authorization: str) -> None:
        self._port = port
        lines = ["POST /v1/events HTTP/1.1", "Host: door", "Content-Type: application/cloudevents+json"]
        self._head = "\r\n".join([*lines, f"Authorization: {authorization}", ""])

    async def trickle(self, piece: bytes, *fields: str, first: bytes = b"") -> bytes:
        """A head (which ends where fields are given), `first`, and pieces slowly until the door has had enough; what
        the door says."""
        reader, writer = await self._begun(*fields)
        try:
            writer.write(first)
            answer = asyncio.create_task(reader.readline())
            while not answer.done():
                writer.write(piece)
                await asyncio.sleep(0.1)
            return status(answer.result())
        finally:
            writer.transport.abort()

    async def pour(self, piece: bytes, *fields: str) -> bytes:
        """A head, and pieces as fast as they are taken until it is a GiB or the door closes; what the door says."""
        reader, writer = await self._begun(*fields)
        answer = asyncio.create_task(reader.readline())  # at once: what is read after a reset is lost
        try:
            with suppress(OSError):
                for _ in range(0, GIB, len(piece)):
                    writer.write(piece)
                    await writer.drain()
            return status(await answer)
        except ConnectionError:
            return CLOSED
        finally:
            writer.transport.abort()

    async def _begun(self, *fields: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write((self._head + "\r\n".join([*fields, "", ""] if fields else [])).encode())
        return reader, writer


def status(line: bytes) -> bytes:
    """Of an answer's first line."""
    return line.split()[1] if line else CLOSED


class Memory:
    """How far a process's resident memory has grown since the block began, looked at again and again."""

    def __init__(self, service: Service) -> None:
        assert service.process is not None
        self._process = psutil.Process(service.process.pid)
        self.grown = 0

    async def __aenter__(self) -> "Memory":
        self._before = self._process.memory_info().rss
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._watching.cancel()
        self._look()

    async def _watch(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(0.02)

    def _look(self) -> None:
        self.grown = max(self.grown, self._process.memory_info().rss - self._before)


async def test_hundreds_that_trickle_are_ended_and_keep_nobody_out(ingest: Service, load: Load) -> None:
    sender = Sender(ingest.port, load.authorization)
    ways = (
        lambda: sender.trickle(b"x-field: " + b"x" * 40 + b"\r\n"),
        lambda: sender.trickle(b" ", LONG_BODY),
        lambda: sender.trickle(b"1\r\n \r\n", CHUNKED),
    )
    async with load:
        await load.more(300)
        async with Memory(ingest) as memory:
            slow = asyncio.gather(*(ways[number % len(ways)]() for number in range(SLOW)))
            await load.more(300)
            said = Counter(await slow)
    assert set(load.answers) == {202}
    assert said == {b"408": SLOW // 3, b"503": 2 * SLOW // 3}
    assert memory.grown < MOST_GROWTH


async def test_long_bodies_that_stall_cost_no_more_than_may_come_in(ingest: Service, load: Load) -> None:
    sender = Sender(ingest.port, load.authorization)
    async with load:
        await load.more(300)
        async with Memory(ingest) as memory:
            slow = asyncio.gather(*(sender.trickle(b"", LONG_BODY, first=LONG) for _ in range(STALLED)))
            await load.more(300)
            said = Counter(await slow)
    assert set(load.answers) == {202}
    assert said == {b"503": STALLED}
    assert memory.grown < MOST_GROWTH


async def test_what_never_ends_costs_no_memory(ingest: Service, load: Load) -> None:
    ours, strangers = Sender(ingest.port, load.authorization), Sender(ingest.port, "Bearer voc_of-nobody")
    async with load:
        await load.more(300)
        async with Memory(ingest) as memory:
            said = [await ours.pour(PIECE, GIB_LONG), await ours.pour(CHUNK, CHUNKED)]
            said += [await strangers.pour(PIECE, GIB_LONG), await strangers.pour(CHUNK, CHUNKED)]
            head = await ours.pour(b"x-field: " + b"x" * 4000 + b"\r\n")
            await load.more(100)
    assert set(load.answers) == {202}
    assert said == [b"413", b"413", b"401", b"401"]
    assert head in (b"431", CLOSED)
    assert memory.grown < MOST_GROWTH
