"""The door beside a bare one (`bench.bare_ingest`) and beside peers that run already, in turns on one machine: single
events and batches of 100; then the door alone: latency at half load, a second process, and memory.

Peers are given by `--karapace URL` and `--hub URL`; they are neither started nor built here. `--soak` adds ten minutes.
"""

import time
from collections.abc import Callable, Sequence

import psutil

from bench.growth import Sample, a_minute, by_the_minute, look, settled
from bench.ingest_sides import HUB, KARAPACE, KARAPACE_BINARY, Side, bare_door, our_doors, peers
from bench.ingest_turn import Turn, in_turns, loading, middle, result_of, turn
from bench.report import Figure, Options
from bench.stack import stack

BATCH = 100
WANTED = {1: 12_000, BATCH: 80_000}
WANTED_BESIDE = {
    (1, KARAPACE): 6.0,
    (1, KARAPACE_BINARY): 6.0,
    (1, HUB): 2.5,
    (BATCH, KARAPACE): 8.0,
    (BATCH, KARAPACE_BINARY): 8.0,
}
WANTED_P99_MS = 15.0
WANTED_OF_TWO = 1.15
WANTED_GROWTH = 1.0  # MiB a minute that may be chance: allocators give back in steps
SOAK_SECONDS = 600.0


def run(options: Options) -> list[Figure]:
    """All of it; a row whose peer is not given is left out."""
    turns, seconds = (1, 2.0) if options.quick else (3, 8.0)
    found: list[Figure] = []
    with stack() as parts, our_doors(parts, 2) as (ours, second), bare_door(parts) as bare:
        others = [bare, *peers(options)]
        for batch in (1, BATCH):
            sides = [ours, *(side for side in others if batch == 1 or side.name != HUB)]
            taken = in_turns(parts, sides, batch=batch, turns=turns, seconds=seconds)
            found += figures(batch, sides, taken)
        half = found[0].ours / 2
        found.append(at_half_load(turn(parts, ours, seconds=seconds, rate=half), half))
        found += of_two(*in_turns(parts, [ours, ours.beside(second)], batch=1, turns=turns, seconds=seconds))
        if options.soak:
            found.append(growth(soak(ours, half), half))
        else:
            print("Memory over ten minutes is left out: give --soak.")
    return found


def figures(batch: int, sides: Sequence[Side], taken: Sequence[Sequence[Turn]]) -> list[Figure]:
    """The median turn of each: ours, the bare one's, then of peers what they acknowledged."""
    what = "single events" if batch == 1 else f"batches of {batch}"
    ours, bare, *others = taken

    def both(name: str, unit: str, of: Callable[[Turn], float], wanted: float | None = None) -> Figure:
        mine, theirs = middle(ours, of), middle(bare, of)
        return Figure(what=name, ours=mine, unit=unit, other=theirs, other_name="bare", wanted=wanted)

    def beside(side: Side, turns: Sequence[Turn]) -> Figure:
        return Figure(
            what=f"{what}, beside {side.name}",
            ours=middle(ours, _rate),
            unit="events/s",
            other=middle(turns, _rate),
            other_name=side.name,
            wanted_ratio=WANTED_BESIDE[batch, side.name],
            note=f"half of its answers within {middle(turns, _p50):.3g} ms, 99 % within {middle(turns, _p99):.3g} ms",
        )

    return [
        both(f"{what}, acknowledged", "events/s", _rate, WANTED[batch]),
        *(beside(side, turns) for side, turns in zip(sides[2:], others, strict=True)),
        both(f"{what}, half of the answers within", "ms", _p50),
        both(f"{what}, 99 % of the answers within", "ms", _p99),
        both(f"{what}, CPU of the door", "µs/event", lambda t: t.door),
        both(f"{what}, CPU of Kafka", "µs/event", lambda t: t.kafka),
    ]


def at_half_load(found: Turn, rate: float) -> Figure:
    """What an open loop saw: requests that became due evenly, their waiting counted from then."""
    return Figure(
        what="single events at half load, 99 % of the answers within",
        ours=found.result.p99_ms,
        unit="ms",
        wanted=WANTED_P99_MS,
        note=f"{rate:,.0f} events/s become due evenly, and a latency counts from when an event was due;"
        f" {found.result.rate:,.0f}/s were taken, half of the answers came within {found.result.p50_ms:.3g} ms",
    )


def of_two(one: Sequence[Turn], two: Sequence[Turn]) -> list[Figure]:
    """Two processes on ports of their own beside one; each of them has the 64 connections that the one has."""
    return [
        Figure(
            what="single events, CPU of two processes",
            ours=middle(two, lambda t: t.door),
            unit="µs/event",
            other=middle(one, lambda t: t.door),
            other_name="one process",
            wanted_ratio=WANTED_OF_TWO,
            note=f"64 connections to each, both on this machine with Kafka and the program that loads them;"
            f" {middle(two, _rate):,.0f} events/s by two, {middle(one, _rate):,.0f} by one",
        )
    ]


def soak(side: Side, rate: float) -> list[Sample]:
    """Ten minutes of that load, and what memory the door had each second."""
    processes = [psutil.Process(pid) for pid in side.pids]
    samples: list[Sample] = []
    with loading(side, seconds=SOAK_SECONDS, rate=rate) as program:
        while program.poll() is None:
            samples.append(look(processes, time.monotonic()))
            time.sleep(1)
        result_of(side, program.stdout.read() if program.stdout else b"")
    return samples


def growth(samples: Sequence[Sample], rate: float) -> Figure:
    """The line through what was seen, and what was seen each minute."""
    seen = ", ".join(f"{mib:.1f}" for mib in by_the_minute(samples))
    return Figure(
        what="memory of the door at half load grows by",
        ours=a_minute(settled(samples)),
        unit="MiB/min",
        wanted=WANTED_GROWTH,
        note=f"ten minutes of {rate:,.0f} events/s; MiB by the minute: {seen}. The line leaves the first fifth out",
    )


def _rate(turn: Turn) -> float:
    return turn.result.rate


def _p50(turn: Turn) -> float:
    return turn.result.p50_ms


def _p99(turn: Turn) -> float:
    return turn.result.p99_ms
