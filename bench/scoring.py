"""Scoring a backlog: one real worker process over stored events, beside the database's bare ceiling, and beside itself
without personas, statuses and cases."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import msgspec
import uvloop

from bench.backlog import fill, prepare
from bench.report import Figure, Options
from bench.stack import Stack, cpu_seconds, stack
from bench.tape import play, take_down
from bench.undecided import undecided
from shared.programme.load import load

PROGRAMME = Path(__file__).resolve().parent / "programme"
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

    @property
    def all(self) -> float:
        return self.worker + self.postgres + self.kafka


def run(options: Options) -> list[Figure]:
    """Fill, fold, take down what is said to the database, say it to another one, compare."""
    total = 100_000 if options.quick else 1_000_000
    customers = total // CUSTOMERS_PER_EVENT
    programme = load(PROGRAMME)
    with stack() as parts:
        fill(parts, total, customers=customers)
        scored_in, heard_in, played_in = (parts.database(name) for name in ("scored", "heard", "played"))
        for database in (scored_in, heard_in, played_in):
            prepare(database, programme)
        counted_in = parts.database("counted")
        prepare(counted_in, undecided(programme))
        scored = fold_backlog(parts, scored_in, total)
        counted = fold_backlog(parts, counted_in, total)
        uvloop.run(take_down(heard_in, parts.home, total, customers=customers))
        played = play_tape(parts, played_in, total)
        if (ours := asyncio.run(_rows(scored_in))) != (theirs := asyncio.run(_rows(played_in))):
            raise SystemExit(f"the two sides did not write the same: {ours} and {theirs}")
    return _figures(scored, played) + _beside_counting(scored, counted)


def _figures(scored: Run, played: Run) -> list[Figure]:
    alone = "PostgreSQL alone"
    return [
        Figure(
            what="events scored and durable, one worker of two lanes",
            ours=scored.rate,
            unit="events/s",
            other=played.rate,
            other_name=alone,
            wanted=WANTED,
            note="the other side says the same statements with the same rows in the same batches, without Kafka, "
            "decoding or folding",
        ),
        Figure(
            what="CPU of PostgreSQL", ours=scored.postgres, unit="µs/event", other=played.postgres, other_name=alone
        ),
        Figure(what="CPU of the worker", ours=scored.worker, unit="µs/event"),
        Figure(what="CPU of Kafka", ours=scored.kafka, unit="µs/event"),
    ]


def _beside_counting(scored: Run, counted: Run) -> list[Figure]:
    alone = "counting alone"
    return [
        Figure(
            what="the same beside counting alone",
            ours=scored.rate,
            unit="events/s",
            other=counted.rate,
            other_name=alone,
            wanted=0.85 * counted.rate,
            note="the other side has no personas, statuses and cases to decide, and tells nothing; at most 15 % slower",
        ),
        Figure(what="CPU of all three", ours=scored.all, unit="µs/event", other=counted.all, other_name=alone),
    ]


def play_tape(parts: Stack, database: str, total: int) -> Run:
    """What the database alone takes. The worker is this process, which only reads the tape and encodes parameters."""
    pids = parts.postgres.pid, parts.kafka.pid
    began: list[float] = []
    uvloop.run(play(database, parts.home, begun=lambda: began.extend(_clocks(pids))))
    seconds, *used = (b - a for a, b in zip(began, _clocks(pids), strict=True))
    return Run(total, seconds, *(one * 1e6 / total for one in used))


def _clocks(pids: Sequence[int]) -> list[float]:
    """What is read at the beginning and at the end: the time, our own CPU, and that of others."""
    return [time.perf_counter(), time.process_time(), *(cpu_seconds(pid) for pid in pids)]


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


async def _rows(database: str) -> dict[str, int]:
    """How many rows each side wrote. Not of the timeline, nor counts of promises: timers may have fired at the end."""
    connection = await asyncpg.connect(database)
    try:
        tables = ("seen", "customers", "instances")
        return {name: await connection.fetchval(f"select count(*) from scoring.{name}") for name in tables}
    finally:
        await connection.close()
