"""One turn of `bench.ingest`: a door is loaded for some seconds, and what it cost is counted."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Sequence
from statistics import median

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.ingest_load import Result
from bench.ingest_sides import Side
from bench.stack import Stack, cpu_seconds
from shared.kafka.topics import EVENTS

CONNECTIONS = 64  # to each process


class Turn(msgspec.Struct, frozen=True):
    """What one load found; CPU in µs an event, of the door and of everything else that took part. Of peers it is 0."""

    result: Result
    door: float = 0.0
    kafka: float = 0.0


def in_turns(parts: Stack, sides: Sequence[Side], *, batch: int, turns: int, seconds: float) -> list[list[Turn]]:
    """Ours, bare, a peer, ours, bare, the peer …, so that what the machine does meanwhile meets all. The first turns
    warm up (Kafka's Java above all) and are not counted.
    """
    found: list[list[Turn]] = [[] for _ in sides]
    for _ in range(1 + turns):
        for side, kept in zip(sides, found, strict=True):
            kept.append(turn(parts, side, batch=batch, seconds=seconds))
    return [kept[1:] for kept in found]


def turn(parts: Stack, side: Side, *, batch: int = 1, seconds: float, rate: float | None = None) -> Turn:
    """Load one door; what it costs is counted over the whole run, by the records that came into the topic."""
    if not side.pids:
        return Turn(load(side, batch=batch, seconds=seconds, rate=rate))
    records, door, kafka = written(parts), spent(side), cpu_seconds(parts.kafka.pid)
    result = load(side, batch=batch, seconds=seconds, rate=rate)
    events = written(parts) - records
    door, kafka = spent(side) - door, cpu_seconds(parts.kafka.pid) - kafka
    return Turn(result, door * 1e6 / events, kafka * 1e6 / events)


def load(side: Side, *, batch: int = 1, seconds: float, rate: float | None = None) -> Result:
    """Run the program that loads. Ends the run where a request was not acknowledged."""
    with loading(side, batch=batch, seconds=seconds, rate=rate) as program:
        output, _ = program.communicate(timeout=seconds + 60)
    return result_of(side, output)


def loading(side: Side, *, batch: int = 1, seconds: float, rate: float | None = None) -> "subprocess.Popen[bytes]":
    """The program, running."""
    command = [sys.executable, "-m", "bench.ingest_load", "--manner", side.manner, "--key", side.key]
    command += [word for url in side.urls for word in ("--url", url)]
    command += ["--batch", str(batch), "--seconds", str(seconds), "--connections", str(CONNECTIONS * len(side.urls))]
    command += [] if rate is None else ["--rate", str(rate)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def result_of(side: Side, output: bytes) -> Result:
    """What the program said."""
    if not output:
        raise SystemExit(f"{side.name} at {' and '.join(side.urls)} could not be loaded.")
    result = msgspec.json.decode(output, type=Result)
    if result.failed:
        raise SystemExit(f"{side.name}: {result.failed} requests failed, the first one with:\n{result.first_failure}")
    if not result.events:
        raise SystemExit(f"{side.name} acknowledged nothing within {result.seconds:.0f} s.")
    return result


def middle(turns: Sequence[Turn], of: Callable[[Turn], float]) -> float:
    """The median turn's."""
    return median(map(of, turns))


def spent(side: Side) -> float:
    """CPU seconds of a door's processes so far."""
    return sum(map(cpu_seconds, side.pids))


def written(parts: Stack) -> int:
    """How many records the topic has."""

    async def ends() -> int:
        async with AIOKafkaConsumer(bootstrap_servers=parts.kafka.address) as consumer:
            partitions = [TopicPartition(EVENTS.name, number) for number in range(EVENTS.partitions)]
            return sum((await consumer.end_offsets(partitions)).values())

    return asyncio.run(ends())
