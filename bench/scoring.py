"""Scoring a backlog: one real worker process over stored events, beside the database's bare ceiling."""

import asyncio
import time
from pathlib import Path

import asyncpg
import msgspec

from bench.backlog import fill, prepare
from bench.report import Figure, Options
from bench.stack import Stack, cpu_seconds, stack
from shared.programme.load import load

PROGRAMME = Path(__file__).resolve().parents[1] / "examples" / "retail"
CUSTOMERS_PER_EVENT = 10
WANTED = 20_000


class Run(msgspec.Struct, frozen=True):
    """What folding a backlog took, from the first folded event seen to the last; CPU in µs an event."""

    events: int
    seconds: float
    worker: float
    postgres: float
    kafka: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds


def run(options: Options) -> list[Figure]:
    """Fill, fold, compare."""
    total = 100_000 if options.quick else 1_000_000
    with stack() as parts:
        fill(parts, total, customers=total // CUSTOMERS_PER_EVENT)
        database = parts.database("scored")
        prepare(database, load(PROGRAMME))
        scored = fold_backlog(parts, database, total)
    return [
        Figure(what="scored and durable events, one worker", ours=scored.rate, unit="events/s", wanted=WANTED),
        Figure(what="CPU of the worker", ours=scored.worker, unit="µs/event"),
        Figure(what="CPU of PostgreSQL", ours=scored.postgres, unit="µs/event"),
        Figure(what="CPU of Kafka", ours=scored.kafka, unit="µs/event"),
    ]


def fold_backlog(parts: Stack, database: str, total: int, **settings: str) -> Run:
    """Start a worker on a topic that holds `total` events and wait until all of them are folded."""
    with parts.service("scoring", database, **settings) as worker:
        pids = worker.pid, parts.postgres.pid, parts.kafka.pid
        first = asyncio.run(_folded(database, at_least=1))
        began, before = time.perf_counter(), [cpu_seconds(pid) for pid in pids]
        asyncio.run(_folded(database, at_least=total))
        seconds, after = time.perf_counter() - began, [cpu_seconds(pid) for pid in pids]
    events = total - first
    return Run(events, seconds, *((b - a) * 1e6 / events for a, b in zip(before, after, strict=True)))


async def _folded(database: str, *, at_least: int, longest: float = 600) -> int:
    """How many events are folded, once that many are. Raises TimeoutError."""
    connection = await asyncpg.connect(database)
    try:
        async with asyncio.timeout(longest):
            while True:
                folded: int = await connection.fetchval(
                    "select coalesce(sum(next_offset), 0)::bigint from scoring.read_offsets"
                )
                if folded >= at_least:
                    return folded
                await asyncio.sleep(0.05)
    finally:
        await connection.close()
