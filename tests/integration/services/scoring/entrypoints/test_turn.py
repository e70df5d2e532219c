"""A decision waits for all that is to be counted, and not for ever."""

from datetime import timedelta

from tests import road
from tests.integration.services.scoring.entrypoints.deciding import CSAT, HOUR, Bench, held_measures, programme, read_on


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
