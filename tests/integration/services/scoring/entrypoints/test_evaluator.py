"""A week of ticks in seconds, and evaluators beside one another."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest
from sqlalchemy.exc import DBAPIError

from services.scoring.domain.verdict import Record
from services.scoring.settings import StatusSettings
from tests import road
from tests.integration.services.scoring.entrypoints.deciding import CSAT, HOUR, Bench, programme
from tests.unit.services.scoring.domain.again import decided_again, proved_again


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


async def test_what_was_decided_stays_as_it_was_decided(bench: Bench) -> None:
    await road.apply_programme(bench.url, programme(CSAT))
    await bench.answers(good=0, bad=400)
    await bench.tick()
    for statement in ("update scoring.decisions set status = 'green'", "delete from scoring.decisions"):
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await road.execute(bench.url, statement)


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
