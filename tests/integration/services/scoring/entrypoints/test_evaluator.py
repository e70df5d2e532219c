"""The evaluator on real parts, by a clock that the tests own: a week of ticks in seconds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest
from aiokafka import AIOKafkaConsumer
from prometheus_client import REGISTRY
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.offsets import Offsets
from services.scoring.domain.verdict import Record
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.evaluator import Evaluator
from services.scoring.settings import StatusSettings
from shared.events.told.envelope import read
from shared.events.told.moment import MomentDecided
from shared.events.told.trouble import TroubleTold
from shared.kafka.topics import EVENTS
from shared.metrics.span import quarter_of
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme.journey import Journey, Measure, MomentOfTruth, Promise, Stage, Touchpoint
from shared.programme.model import Owner, Programme
from tests import databases, road
from tests.unit.services.scoring.domain.again import decided_again, proved_again

BEGIN = datetime(2026, 11, 2, 0, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
CSAT = Measure(metric="csat", window=86_400, red_below=60, yellow_below=75, at_least=30)


def programme(*measures: Measure, promise: Promise | None = None) -> Programme:
    moment = MomentOfTruth(owner="delivery", measures=measures) if measures else None
    arrives = Touchpoint(
        touchpoint="parcel-arrives", name="The parcel arrives", promise=promise, moment_of_truth=moment
    )
    stage = Stage(stage="delivery", name="Delivery", touchpoints=(arrives,))
    return Programme(
        name="Retail",
        timezone="UTC",
        settle=60,
        journeys=(Journey(journey="order-to-door", name="From order to door", stages=(stage,)),),
        owners=(Owner(owner="delivery", name="Delivery", timezone="UTC"),),
    )


class Bench:
    """An evaluator, its database, and the clock."""

    def __init__(self, engine: AsyncEngine, url: str, consumer: AIOKafkaConsumer) -> None:
        self.engine, self.url, self.at = engine, url, BEGIN
        self._consumer = consumer
        self.evaluator = self.another(reads=lambda: True)

    def another(self, *, reads: Callable[[], bool], settings: StatusSettings | None = None) -> Evaluator:
        """One of another process, which is behind until it `reads`."""
        ends = Ends(self._consumer, Offsets(self.engine, EVENTS.name), EVENTS.name, reads=reads)
        return Evaluator(self.engine, ends, EVENTS.name, settings or StatusSettings(), takes_part=lambda: True)

    async def tick(self) -> None:
        await self.evaluator.round(lambda: self.at)

    async def answers(
        self, good: int, bad: int, *, persona: str = "planner", channel: str = "email", major: int = 1
    ) -> None:
        """Counted in the quarter-hour of now, as folding does it."""
        async with self.engine.begin() as connection:
            series = await connection.scalar(
                text(
                    "insert into scoring.series"
                    " (journey, major, touchpoint, perspective, metric, scale, persona, channel) values"
                    " ('order-to-door', :major, 'parcel-arrives', 'customer', 'csat', 'csat_1_5', :persona, :channel)"
                    " on conflict (journey, major, touchpoint, perspective, metric, scale, persona, channel)"
                    " do update set journey = excluded.journey returning series"
                ),
                {"persona": persona, "channel": channel, "major": major},
            )
            for value, n in ((5, good), (1, bad)):
                await connection.execute(
                    text(
                        "insert into scoring.counts values (:series, :quarter, :value, :n)"
                        " on conflict (series, quarter, value) do update set n = scoring.counts.n + excluded.n"
                    ),
                    {"series": series, "quarter": quarter_of(self.at), "value": value, "n": n},
                )

    async def told(self) -> list[MomentDecided]:
        """What lies in the outbox, in order."""
        rows = await road.fetch(self.url, "select value from scoring.outbox where topic = 'voc.moments' order by id")
        found = [read(row["value"]).data for row in rows]
        return [one for one in found if isinstance(one, MomentDecided)]

    async def troubles(self) -> list[tuple[str, bool]]:
        """What the admin was told: which trouble, and whether it is over."""
        rows = await road.fetch(self.url, "select value from scoring.outbox where topic = 'voc.troubles' order by id")
        found = [read(row["value"]).data for row in rows]
        return [(one.trouble, one.over) for one in found if isinstance(one, TroubleTold)]

    async def beat(self) -> Any:
        """When an evaluator has looked last."""
        return (await road.fetch(self.url, "select at from scoring.read_beat"))[0]["at"]

    async def measure(self) -> Any:
        rows = await road.fetch(self.url, "select * from scoring.read_measures")
        return rows[0] if rows else None


@pytest.fixture
def fresh_database(postgres_url: str) -> Iterator[str]:
    """An empty database of the test's own."""
    url = databases.create(postgres_url)
    yield url
    databases.drop(postgres_url, url)


@pytest.fixture
async def bench(kafka_bootstrap: str, fresh_database: str) -> AsyncIterator[Bench]:
    engine = connect(DatabaseSettings(url=SecretStr(fresh_database)), application="tests")
    await migrate(engine, "voc", "shared.postgres.migrations")
    await migrate(engine, "scoring", "services.scoring.migrations")
    await road.make_topic(kafka_bootstrap)
    consumer = AIOKafkaConsumer(EVENTS.name, bootstrap_servers=kafka_bootstrap)
    await consumer.start()
    consumer.pause(*consumer.assignment())  # a fetch that waits for news would make every question wait behind it
    bench = Bench(engine, fresh_database, consumer)
    await read_to_the_ends(bench, consumer)
    yield bench
    await consumer.stop()
    await engine.dispose()


def held_measures() -> float:
    """What the last look has told Prometheus."""
    return REGISTRY.get_sample_value("voc_scoring_measures_held") or 0.0


async def read_to_the_ends(bench: Bench, consumer: AIOKafkaConsumer) -> None:
    """As if everything that other tests sent had been folded."""
    for tp, end in (await consumer.end_offsets(list(consumer.assignment()))).items():
        await Offsets(bench.engine, EVENTS.name).begin(tp.partition, end, "cluster")


async def read_on(bench: Bench, kafka_bootstrap: str) -> None:
    """Somebody folds what waits."""
    for partition, end in (await road.ends(kafka_bootstrap)).items():
        await road.execute(
            bench.url, "update scoring.offsets set next_offset = $2 where partition = $1", partition, end
        )


async def test_a_week_in_which_a_moment_turns_red_and_recovers(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    for hour in range(7 * 24):
        broken = 48 <= hour < 96
        await bench.answers(good=1 if broken else 9, bad=9 if broken else 1)
        bench.at += HOUR
        await bench.tick()
    told = await bench.told()
    assert [(one.previous, one.status) for one in told] == [
        ("unknown", "green"),
        ("green", "yellow"),
        ("yellow", "red"),
        ("red", "yellow"),
        ("yellow", "green"),
    ]
    assert [one.initial for one in told] == [True, False, False, False, False]
    red = told[2].measures[0]
    assert red.upper is not None
    assert red.upper < 60
    assert red.before is not None
    assert red.before.value == 90
    assert red.persona is not None
    assert (red.persona.name, red.channel and red.channel.name) == ("planner", "email")
    recovers = told[3].measures[0]
    assert recovers.before is not None
    assert (recovers.before.value, recovers.persona, recovers.channel) == (10, None, None)
    assert (await bench.measure())["status"] == "green"


async def test_every_decision_is_taken_again_from_its_own_evidence(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    for hour in range(60):
        await bench.answers(good=9 if hour < 30 else 1, bad=1 if hour < 30 else 9)
        bench.at += HOUR
        await bench.tick()
    rows = await road.fetch(bench.url, "select *, record::text as kept from scoring.read_decisions order by id")
    assert len(rows) > 50
    for row in rows:
        record = msgspec.json.decode(row["kept"], type=Record)
        proof = proved_again(record, row["metric"], row["stat"], row["window"])
        assert proof == (record.proof and record.proof.proof)
        again = decided_again(record, proof, at=row["decided_at"], metric=row["metric"], window=row["window"])
        assert (again.state, again.reason) == (record.after, record.reason)


async def test_nothing_is_decided_while_scoring_is_behind(bench: Bench, kafka_bootstrap: str) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=40, bad=0)
    await bench.tick()
    assert (await bench.measure())["status"] == "green"
    await road.produce(kafka_bootstrap, [("crm:1", b"{}")])  # and nobody folds it
    bench.at += HOUR
    await bench.answers(good=0, bad=400)
    await bench.tick()
    held = await bench.measure()
    assert (held["status"], held["incomplete"], held["held_since"]) == ("green", False, bench.at)
    bench.at += HOUR / 3
    await bench.tick()
    late = await bench.measure()
    assert (late["status"], late["incomplete"], late["held_since"]) == ("green", True, held["held_since"])
    assert await bench.troubles() == [("held", False)]
    await read_on(bench, kafka_bootstrap)
    bench.at += HOUR
    await bench.tick()
    again = await bench.measure()
    assert (again["status"], again["incomplete"], again["held_since"]) == ("red", False, None)
    assert await bench.troubles() == [("held", False), ("held", True)]
    rows = await road.fetch(bench.url, "select reason from scoring.decisions order by id")
    assert [row["reason"] for row in rows] == ["initial", "pending", "transition"]


async def test_a_first_decision_waits_until_a_backfill_has_been_quiet(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=0, bad=400)
    await road.execute(bench.url, "update scoring.offsets set old_applied_at = $1", bench.at)
    await bench.tick()
    assert await bench.told() == []
    assert (await bench.measure())["held_since"] == bench.at
    bench.at += timedelta(seconds=61)
    await bench.tick()
    assert [(one.status, one.initial, one.incomplete) for one in await bench.told()] == [("red", True, False)]
    assert (await bench.measure())["held_since"] is None
    assert await bench.troubles() == []


async def test_a_backfill_without_end_holds_a_first_decision_for_a_quarter_of_an_hour(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=0, bad=400)
    for _ in range(91):
        assert await bench.told() == []
        await road.execute(bench.url, "update scoring.offsets set old_applied_at = $1", bench.at)
        await bench.tick()
        bench.at += timedelta(seconds=10)
    assert [(one.status, one.initial, one.incomplete) for one in await bench.told()] == [("red", True, True)]
    assert await bench.troubles() == [("held", False)]
    await bench.tick()
    assert await bench.troubles() == [("held", False)]  # the history may go on: it was quiet for ten seconds
    assert (await bench.measure())["held_since"] is None
    bench.at += timedelta(seconds=60)
    await bench.tick()
    assert await bench.troubles() == [("held", False), ("held", True)]
    bench.at += HOUR
    await bench.tick()
    assert (await bench.measure())["incomplete"] is False


async def test_a_first_decision_waits_for_promises_that_are_past_due_and_not_yet_missed(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=0, bad=400)
    late = bench.at - timedelta(seconds=61)
    await road.execute(bench.url, "insert into scoring.instances values ('crm:1', 'order-to-door', '', $1, '{}')", late)
    await bench.tick()
    assert await bench.told() == []
    await road.execute(bench.url, "update scoring.instances set fire_at = null")
    bench.at += timedelta(seconds=10)
    await bench.tick()
    assert [one.status for one in await bench.told()] == ["red"]


async def test_one_that_was_decided_without_all_waits_from_anew_the_next_time(
    bench: Bench, kafka_bootstrap: str
) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=40, bad=0)
    await bench.tick()
    await road.produce(kafka_bootstrap, [("crm:1", b"{}")])
    for _ in range(2):
        bench.at += HOUR
        await bench.tick()
    assert (await bench.measure())["incomplete"] is True
    await read_on(bench, kafka_bootstrap)
    bench.at += timedelta(minutes=1)
    await bench.tick()
    assert (await bench.measure())["held_since"] is None
    await road.produce(kafka_bootstrap, [("crm:1", b"{}")])  # and the next time a few events are on their way
    bench.at += HOUR
    await bench.tick()
    held = await bench.measure()
    assert (held["held_since"], held["decided_at"]) == (bench.at, bench.at - HOUR - timedelta(minutes=1))
    assert held_measures() == 0
    await bench.tick()
    assert held_measures() == 1


async def test_nothing_is_decided_while_promises_past_due_are_neither_kept_nor_missed(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=40, bad=0)
    await bench.tick()
    bench.at += HOUR
    await bench.answers(good=0, bad=400)
    due = "insert into scoring.instances values ('crm:1', 'order-to-door', $2, $1, '{}')"
    await road.execute(bench.url, due, bench.at - timedelta(seconds=6), "")
    await bench.tick()
    held = await bench.measure()
    assert (held["held_since"], held["decided_at"]) == (bench.at, bench.at - HOUR)
    await road.execute(bench.url, "update scoring.instances set fire_at = null")
    await road.execute(bench.url, due, bench.at - timedelta(seconds=4), "one that fires soon")
    await bench.tick()
    free = await bench.measure()
    assert (free["held_since"], free["decided_at"]) == (None, bench.at)


async def test_the_beat_ages_where_what_is_due_cannot_be_decided(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=40, bad=0)
    await bench.tick()
    looked = bench.at
    assert await bench.beat() == looked
    bench.at += timedelta(seconds=1)
    await bench.tick()
    assert await bench.beat() == bench.at
    await road.execute(bench.url, "alter table scoring.decisions add constraint full_disk check (false) not valid")
    looked, bench.at = bench.at, bench.at + HOUR
    with pytest.raises(DBAPIError, match="full_disk"):
        await bench.tick()
    assert await bench.beat() == looked


async def test_a_clock_that_was_a_day_ahead_keeps_nobody_from_deciding(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=40, bad=0)
    right, bench.at = bench.at, bench.at + timedelta(days=1)
    await bench.tick()
    bench.at = right + timedelta(seconds=1)
    await road.execute(bench.url, "delete from scoring.measures")
    await bench.tick()
    assert await bench.beat() == bench.at
    assert (await bench.measure())["decided_at"] == bench.at


async def test_an_evaluator_that_waited_undoes_nothing_that_another_has_decided_since(bench: Bench) -> None:
    """It has read the programme of before, and waits for scoring to catch up; meanwhile a new one is applied."""
    await road.apply_programme(bench.url, programme(CSAT))
    bench.at = datetime.now(UTC)
    await bench.answers(good=0, bad=400)
    await bench.tick()
    bench.at = before = bench.at + HOUR
    caught_up = asyncio.Event()
    slow = asyncio.create_task(bench.another(reads=caught_up.is_set).round(lambda: before))
    await asyncio.sleep(0.5)
    await road.apply_programme(bench.url, programme(), from_at=before + timedelta(seconds=1))
    bench.at = before + timedelta(seconds=2)
    await bench.tick()
    removed = [("red", False), ("unknown", True)]
    assert [(one.status, one.removed) for one in await bench.told()] == removed
    assert not slow.done()
    caught_up.set()
    await slow
    assert [(one.status, one.removed) for one in await bench.told()] == removed
    assert await bench.measure() is None


async def test_of_two_evaluators_one_decides(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    for _ in range(6):
        await bench.answers(good=0, bad=400)
        await asyncio.gather(*(bench.tick() for _ in range(4)))
        bench.at += HOUR
    rows = await road.fetch(bench.url, "select reason from scoring.decisions order by id")
    assert [row["reason"] for row in rows] == ["initial", *["hold"] * 5]
    assert len(await bench.told()) == 1


async def test_a_source_and_a_step_that_fall_silent_are_told_and_that_they_speak_again(
    bench: Bench, kafka_bootstrap: str
) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    last = quarter_of(bench.at)
    heard = "insert into scoring.heard select $1, $2, generate_series($3::int - 29 * 96, $3::int, 24)"
    for kind, name in (("source", "crm"), ("touchpoint", "order-to-door/parcel-arrives"), ("touchpoint", "gone/gone")):
        await road.execute(bench.url, heard, kind, name, last)
    bench.at += 18 * HOUR
    await bench.tick()
    assert await bench.troubles() == []
    bench.at += HOUR / 4
    await road.produce(kafka_bootstrap, [("crm:1", b"{}")])  # and nobody has folded it: it may be what is missed
    await bench.tick()
    assert await bench.troubles() == []
    await read_on(bench, kafka_bootstrap)
    await bench.tick()
    begun = [("silent-source/crm", False), ("silent-touchpoint/order-to-door/parcel-arrives", False)]
    assert await bench.troubles() == begun
    await road.execute(bench.url, "insert into scoring.heard values ('source', 'crm', $1)", quarter_of(bench.at))
    bench.at += HOUR / 4
    await bench.tick()
    assert await bench.troubles() == [*begun, ("silent-source/crm", True)]


async def test_what_was_decided_stays_as_it_was_decided(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=0, bad=400)
    await bench.tick()
    for statement in ("update scoring.decisions set status = 'green'", "delete from scoring.decisions"):
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await road.execute(bench.url, statement)


async def test_a_moment_that_is_taken_off_the_map_is_told_as_removed(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=0, bad=400)
    await bench.tick()
    await road.apply_programme(bench.url, programme())
    bench.at = datetime.now(UTC) + HOUR
    await bench.tick()
    red, gone = await bench.told()
    assert [(one.status, one.removed) for one in (red, gone)] == [("red", False), ("unknown", True)]
    assert (gone.journey_name, gone.touchpoint_name, gone.owner) == (red.journey_name, red.touchpoint_name, red.owner)
    assert await bench.measure() is None


async def test_a_new_major_of_the_map_ends_what_was_and_begins_from_unknown(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=0, bad=400)
    await bench.tick()
    await road.apply_programme(
        bench.url, programme(CSAT, promise=Promise(says="On the day", opened_by="placed", kept_by="came"))
    )
    bench.at = datetime.now(UTC) + HOUR
    await bench.tick()
    told = await bench.told()
    assert [(one.major, one.previous, one.status, one.removed, one.remapped) for one in told] == [
        (1, "unknown", "red", False, False),
        (1, "red", "unknown", False, True),
    ]
    bench.at += HOUR
    await bench.answers(good=400, bad=0, major=2)
    await bench.tick()
    assert [(one.major, one.previous, one.status, one.initial) for one in (await bench.told())[2:]] == [
        (2, "unknown", "green", True)
    ]


async def test_what_comes_late_is_added_to_its_day_though_nothing_can_be_decided(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await road.execute(bench.url, "drop table scoring.measures cascade")
    await road.execute(bench.url, "insert into scoring.late values (1, 20_000, 5, 3)")
    await road.execute(bench.url, "update scoring.summing set marked = 99_999, first = 1, summed = 99_999")
    evaluator = bench.another(reads=lambda: True, settings=StatusSettings(scoring_evaluate_seconds=0.01))
    running = asyncio.create_task(evaluator.run(lambda: bench.at))

    async def added() -> bool:
        return bool(
            await road.fetch(bench.url, "select from scoring.days where (series, day, value, n) = (1, 20_000, 5, 3)")
        )

    try:
        await road.until(added, within=20, what=lambda: "what came late waits")
    finally:
        running.cancel()
