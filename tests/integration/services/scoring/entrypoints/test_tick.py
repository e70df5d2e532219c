"""What is due follows the map: what is taken off it, and a map that is another one."""

from datetime import UTC, datetime

from shared.programme.journey import Promise
from tests import road
from tests.integration.services.scoring.entrypoints.deciding import CSAT, HOUR, Bench, programme


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
