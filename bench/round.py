"""A round of the evaluator: 200 measures of 28 days that are all due, over ten million counted answers."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.backlog import prepare
from bench.report import Figure, Options
from bench.stack import Stack, stack
from services.scoring.adapters import statements
from services.scoring.adapters.days import MOST, REACH, Days
from services.scoring.adapters.literals import numbers
from services.scoring.adapters.offsets import Offsets
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.evaluator import Evaluator
from services.scoring.settings import StatusSettings
from shared.clock import Clock, now
from shared.kafka.connection import KafkaSettings
from shared.kafka.create import ensure_topics
from shared.kafka.topics import EVENTS
from shared.metrics.span import quarter_of
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme.journey import Journey, Measure, MomentOfTruth, Stage, Touchpoint
from shared.programme.model import Programme
from shared.telemetry import logging

MEASURES = 200
PERSONAS, CHANNELS = 4, 3
DAYS = 56
"""So far back go the answers: a window of 28 days, and the one before it."""
AHEAD = 10
"""Days of answers that the clock has yet to reach: every round finds its windows full."""
WANTED = 1.0
ROUNDS = 5
LATE, LATE_ROUNDS = 100_000, 3
"""Answers that come late to days which are summed, between two rounds: seconds of a history that is being sent."""
BATCH = 3000
_CSAT = Measure(metric="csat", window=28 * 86_400, red_below=60, yellow_below=75)


def run(options: Options) -> list[Figure]:
    """Count answers, then decide by them at ticks of a clock of our own."""
    answers = 1_000_000 if options.quick else 10_000_000
    logging.configure("bench", level="warning")  # each change of a status has its line, and there are hundreds
    with stack() as parts:
        database = parts.database("round")
        prepare(database, _programme())
        found = asyncio.run(_measure(parts, database, answers))
    over = (
        f"over {answers:,} answers in {found.cells:,} cells, {PERSONAS} personas × {CHANNELS} channels, "
        f"{DAYS + AHEAD} days"
    )
    late = f"{LATE:,} answers of days that are summed, folded as they come and not yet added"
    return [
        Figure(what=f"{MEASURES} measures of 28 days decided", ours=found.later, unit="s", wanted=WANTED, note=over),
        Figure(what="the same, while history comes", ours=found.late, unit="s", wanted=WANTED, note=late),
        Figure(
            what="the same, and every one changes its status",
            ours=found.moved,
            unit="s",
            note="with the window before, and which persona and channel moved most, told on voc.moments",
        ),
        Figure(
            what="the very first round",
            ours=found.first,
            unit="s",
            note="all are decided for the first time, caches are cold",
        ),
        Figure(what="a day that is over summed", ours=found.day, unit="s", note="once a day, between rounds"),
        Figure(what="what came late added to its days", ours=found.added, unit="s", note="between rounds"),
    ]


class Found(NamedTuple):
    """Seconds of the first round, of a later one, of one with late answers, of one in which all change; of summing a
    day, of adding what came late. And how many cells there are."""

    first: float
    later: float
    late: float
    moved: float
    day: float
    added: float
    cells: int


def _programme() -> Programme:
    """Twenty journeys of ten moments of truth, a measure each."""
    return Programme(
        name="Bench",
        timezone="UTC",
        journeys=tuple(
            Journey(
                journey=f"journey-{journey}",
                name=f"Journey {journey}",
                stages=(Stage(stage="all", name="All", touchpoints=tuple(_touchpoint(step) for step in range(10))),),
            )
            for journey in range(MEASURES // 10)
        ),
    )


def _touchpoint(step: int) -> Touchpoint:
    moment = MomentOfTruth(owner="nobody", measures=(_CSAT,))
    return Touchpoint(touchpoint=f"step-{step}", name=f"Step {step}", moment_of_truth=moment)


async def _measure(parts: Stack, database: str, answers: int) -> Found:
    at = [now()]
    async with _evaluator(parts, database, lambda: at[0]) as (engine, look):
        cells = await _count(engine, answers, quarter_of(at[0]))
        days_of = Days(engine)

        async def sum_on() -> float:
            began = time.perf_counter()
            await days_of.sum_on(at[0])
            return time.perf_counter() - began

        for _ in range(REACH // MOST + 1):
            await sum_on()
        first = await look()
        later, late, days, added = [], [], [], []
        for _ in range(ROUNDS):
            at[0] += timedelta(days=1)  # the next tick: a twenty-eighth of the window
            days.append(await sum_on())
            later.append(await look())
        for _ in range(LATE_ROUNDS):
            at[0] += timedelta(days=1)
            await sum_on()
            await _come_late(engine, quarter_of(at[0]))
            late.append(await look())
            added.append(await sum_on())
        await _forget_statuses(engine)
        at[0] += timedelta(days=1)
        return Found(first, median(later), median(late), await look(), median(days), median(added), cells)


@asynccontextmanager
async def _evaluator(
    parts: Stack, database: str, clock: Clock
) -> AsyncIterator[tuple[AsyncEngine, Callable[[], Awaitable[float]]]]:
    """The database, and a look at everything by the real evaluator, which tells how many seconds it took."""
    engine = connect(DatabaseSettings(url=SecretStr(database)), application="bench")
    await migrate(engine, "scoring", "services.scoring.migrations")
    await ensure_topics(KafkaSettings(bootstrap_servers=parts.kafka.address))
    offsets = Offsets(engine, EVENTS.name)
    for partition in range(EVENTS.partitions):
        await offsets.begin(partition, 0, "bench")
    async with AIOKafkaConsumer(bootstrap_servers=parts.kafka.address) as consumer:
        consumer.assign([TopicPartition(EVENTS.name, partition) for partition in range(EVENTS.partitions)])
        consumer.pause(*consumer.assignment())
        ends = Ends(consumer, offsets, EVENTS.name, reads=lambda: True)
        evaluator = Evaluator(engine, ends, EVENTS.name, StatusSettings(), takes_part=lambda: True)

        async def look() -> float:
            began = time.perf_counter()
            await evaluator.round(clock)
            seconds = time.perf_counter() - began
            await _all_decided(engine, clock())
            return seconds

        yield engine, look
    await engine.dispose()


async def _count(engine: AsyncEngine, answers: int, until: int) -> int:
    """Answers by chance, three quarters of them good, counted as folding does; how many cells it made."""
    async with engine.begin() as connection:
        await connection.execute(text("set local transaction_timeout = 0"))
        await connection.execute(
            text(_SERIES), {"journeys": MEASURES // 10, "personas": PERSONAS, "channels": CHANNELS}
        )
    left = answers
    while left:  # in parts: a session may not be at one statement for longer than half a minute
        part = min(left, 1_000_000)
        async with engine.begin() as connection:
            values = {"answers": part, "first": until - DAYS * 96, "quarters": (DAYS + AHEAD) * 96}
            await connection.execute(text(_ANSWERS), values)
        left -= part
    async with engine.connect() as connection:
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("vacuum analyze scoring.counts"))
        cells: int = await connection.scalar(text("select count(*) from scoring.counts"))
    return cells


async def _come_late(engine: AsyncEngine, until: int) -> None:
    """Answers of the last four weeks, those of the last two days left out, counted by folding's own statement."""
    chance, series = random.Random(7), MEASURES * PERSONAS * CHANNELS
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        for _ in range(0, LATE, BATCH):
            drawn = {
                (chance.randint(1, series), until - chance.randrange(2 * 96, 28 * 96), chance.choice((5, 5, 4, 2)))
                for _ in range(BATCH)
            }
            cells = [(*cell, 1) for cell in sorted(drawn)]
            await driver.execute(statements.ADD_COUNTS, *map(numbers, zip(*cells, strict=True)))


async def _all_decided(engine: AsyncEngine, at: datetime) -> None:
    """Raises SystemExit where a measure was left out: a round that does less is no faster."""
    query = text("select count(*) from scoring.read_measures where decided_at = :at and status <> 'unknown'")
    async with engine.connect() as connection:
        found = await connection.scalar(query, {"at": at})
    if found != MEASURES:
        raise SystemExit(f"{found} of {MEASURES} measures were decided")


async def _forget_statuses(engine: AsyncEngine) -> None:
    """As if nothing had been decided: then every decision changes something."""
    async with engine.begin() as connection:
        await connection.execute(text("delete from scoring.measures"))
        await connection.execute(text("delete from scoring.moments"))


_SERIES = """
insert into scoring.series (journey, major, touchpoint, perspective, metric, scale, persona, channel)
select 'journey-' || j, 1, 'step-' || t, 'customer', 'csat', 'csat_1_5', 'persona-' || p, 'channel-' || c
from generate_series(0, :journeys - 1) j, generate_series(0, 9) t, generate_series(1, :personas) p,
     generate_series(1, :channels) c
"""
_ANSWERS = """
insert into scoring.counts (series, quarter, value, n)
select series, quarter, value, count(*)
from (
    select 1 + floor(random() * (select count(*) from scoring.series))::int as series,
           :first + floor(random() * :quarters)::int as quarter,
           (array[5, 5, 4, 2])[1 + floor(random() * 4)::int] as value
    from generate_series(1, :answers)
) answer
group by series, quarter, value order by series, quarter, value
on conflict (series, quarter, value) do update set n = scoring.counts.n + excluded.n
"""
