"""The door beside a bare one (`bench.bare_ingest`), in turns on one Kafka: single events and batches of 100."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median

import asyncpg
import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.ingest_load import Result
from bench.report import Figure, Options
from bench.stack import Stack, cpu_seconds, stack
from deploy.local import port as ports
from deploy.local.process import Process, spawn
from shared.http.keys import digest, new_key
from shared.kafka.topics import EVENTS

CONNECTIONS = 64
BATCH = 100
WANTED = {1: 12_000, BATCH: 80_000}


class Side(msgspec.Struct, frozen=True):
    """A door under load."""

    port: int
    pid: int
    key: str = "none"


class Turn(msgspec.Struct, frozen=True):
    """What one load found; CPU in µs an event, of the door and of everything else that took part."""

    result: Result
    door: float
    kafka: float


def run(options: Options) -> list[Figure]:
    """Both sides in turns, single events first."""
    turns, seconds = (1, 2.0) if options.quick else (3, 8.0)
    with stack() as parts, doors(parts) as (ours, bare):
        return [
            figure
            for batch in (1, BATCH)
            for figure in figures(batch, *in_turns(parts, ours, bare, batch=batch, turns=turns, seconds=seconds))
        ]


def in_turns(
    parts: Stack, ours: Side, bare: Side, *, batch: int, turns: int, seconds: float
) -> tuple[list[Turn], list[Turn]]:
    """Ours, bare, ours, bare, so that what the machine does meanwhile meets both. The first turns warm Kafka's Java up
    and are not counted.
    """
    found: tuple[list[Turn], list[Turn]] = ([], [])
    for _ in range(1 + turns):
        for side, kept in zip((ours, bare), found, strict=True):
            kept.append(turn(parts, side, batch=batch, seconds=seconds))
    return found[0][1:], found[1][1:]


def turn(parts: Stack, side: Side, *, batch: int, seconds: float) -> Turn:
    """Load one door; what it costs is counted over the whole run, by the records that came into the topic."""
    records, door, kafka = written(parts), cpu_seconds(side.pid), cpu_seconds(parts.kafka.pid)
    command = ["--port", str(side.port), "--key", side.key, "--batch", str(batch), "--seconds", str(seconds)]
    command += ["--connections", str(CONNECTIONS)]
    loader = [sys.executable, "-m", "bench.ingest_load", *command]
    result = msgspec.json.decode(
        subprocess.run(loader, check=True, stdout=subprocess.PIPE, timeout=60).stdout, type=Result
    )
    if result.failed:
        raise SystemExit(f"{result.failed} requests failed, the first one with:\n{result.first_failure}")
    events = written(parts) - records
    door, kafka = cpu_seconds(side.pid) - door, cpu_seconds(parts.kafka.pid) - kafka
    return Turn(result, door * 1e6 / events, kafka * 1e6 / events)


def figures(batch: int, ours: list[Turn], bare: list[Turn]) -> list[Figure]:
    """The median turn of each, beside one another."""
    what = "single events" if batch == 1 else f"batches of {batch}"

    def both(name: str, unit: str, of: Callable[[Turn], float], wanted: float | None = None) -> Figure:
        mine, theirs = median(map(of, ours)), median(map(of, bare))
        return Figure(what=name, ours=mine, unit=unit, other=theirs, other_name="bare", wanted=wanted)

    return [
        both(f"{what}, acknowledged", "events/s", lambda t: t.result.rate, WANTED[batch]),
        both(f"{what}, half of the answers within", "ms", lambda t: t.result.p50_ms),
        both(f"{what}, 99 % of the answers within", "ms", lambda t: t.result.p99_ms),
        both(f"{what}, CPU of the door", "µs/event", lambda t: t.door),
        both(f"{what}, CPU of Kafka", "µs/event", lambda t: t.kafka),
    ]


@contextmanager
def doors(parts: Stack) -> Iterator[tuple[Side, Side]]:
    """Ours and the bare one, both open; the one whose turn it is not costs nothing."""
    database = parts.database("doors")
    with parts.service("ingest", database) as server:
        key = new_key()
        asyncio.run(_store(database, key))
        with bare_door(parts) as bare:
            yield Side(server.port, server.pid, key), bare


@contextmanager
def bare_door(parts: Stack) -> Iterator[Side]:
    port = ports.free()
    environ = {**os.environ, "VOC_KAFKA_BOOTSTRAP_SERVERS": parts.kafka.address, "BARE_PORT": str(port)}
    process = spawn([sys.executable, "-m", "bench.bare_ingest"], log=parts.home / "bare.log", environ=environ)
    try:
        _await_port(port, process)
        yield Side(port, process.pid)
    finally:
        process.stop(by=signal.SIGTERM, grace=timedelta(seconds=10))


def _await_port(port: int, process: Process) -> None:
    while process.alive:
        with socket.socket() as probe:
            if probe.connect_ex((ports.LOOPBACK, port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"The bare door did not open: it {process.ending}.")


def written(parts: Stack) -> int:
    """How many records the topic has."""

    async def ends() -> int:
        async with AIOKafkaConsumer(bootstrap_servers=parts.kafka.address) as consumer:
            partitions = [TopicPartition(EVENTS.name, number) for number in range(EVENTS.partitions)]
            return sum((await consumer.end_offsets(partitions)).values())

    return asyncio.run(ends())


async def _store(database: str, key: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(
            "insert into voc.keys (name, scope, digest) values ('bench', 'ingest', $1)", digest(key)
        )
    finally:
        await connection.close()
