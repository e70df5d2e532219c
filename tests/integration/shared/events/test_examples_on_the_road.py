"""Every golden example, and names as long as they may be, through a real scoring process into a real PostgreSQL."""

import asyncio
import random
from pathlib import Path

import msgspec

from shared.events.event import identity
from shared.events.read import read
from tests import road
from tests.processes import Service
from tests.programmes import RETAIL
from tests.unit.shared.events.examples import accepted

LONGEST = 255


def wide(seed: int, length: int) -> str:
    """A name of four bytes a letter that does not compress, as no index key may be too long for."""
    letters = random.Random(seed)
    return "".join(chr(letters.randrange(0x20000, 0x2A6D0)) for _ in range(length))


def long_names() -> list[bytes]:
    """Events that fill every index key they can."""
    where = {"touchpoint": "chat", "journey": "get-help", "instance": wide(1, LONGEST), "channel": wide(2, LONGEST)}
    answers = [{"metric": wide(3, LONGEST), "score": -1234.56, "scale": [-21474835.123, 21474835.123]}]
    common = {
        "specversion": "1.0",
        "source": wide(4, 1024),
        "subject": wide(5, LONGEST),
        "time": "2026-11-24T08:15:00Z",
    }
    return [
        msgspec.json.encode(common | event)
        for event in (
            {"id": wide(6, 1024), "type": "voc.feedback", "data": {**where, "answers": answers}},
            {
                "id": wide(7, 1024),
                "type": "voc.feedback",
                "data": {**where, "answers": answers, "response": wide(8, 255)},
            },
            {"id": wide(9, 1024), "type": "voc.interaction", "data": {**where, "action": wide(10, LONGEST)}},
            {"id": "opens", "type": "voc.interaction", "data": {"action": "chatted", "promised_at": "2999-12-30"}},
            {"id": "names", "type": "voc.profile", "data": {"identifiers": [wide(11, LONGEST)]}},
        )
    ]


VIEWS = ("read_counts", "read_customers", "read_instances", "read_promises", "read_timeline")


async def test_every_example_is_stored_and_none_set_aside(
    kafka_bootstrap: str, database_url: str, workshop: Path
) -> None:
    events = {identity(event.source, event.id): event for event in map(read, [*accepted().values(), *long_names()])}
    await road.apply_programme(database_url, RETAIL)
    await road.make_topic(kafka_bootstrap)
    await road.produce(kafka_bootstrap, [(event.key, event.raw) for event in events.values()])
    scoring = Service("scoring", workshop, VOC_KAFKA_BOOTSTRAP_SERVERS=kafka_bootstrap, VOC_DATABASE_URL=database_url)
    await asyncio.to_thread(scoring.start)
    try:
        await asyncio.to_thread(scoring.ready)
        await _until_all_is_applied(kafka_bootstrap, database_url, scoring)
    finally:
        await asyncio.to_thread(scoring.stop)
    kept = await road.fetch(database_url, "select identity, customer, event from scoring.timeline")
    found = {row["identity"]: (row["customer"], row["event"]) for row in kept}
    assert {name: found.get(name) for name in events} == {
        name: (event.customer, event.raw) for name, event in events.items()
    }
    for view in VIEWS:
        assert (await road.fetch(database_url, f"select count(v) from scoring.{view} v"))[0]["count"] > 0


async def _until_all_is_applied(bootstrap: str, database_url: str, scoring: Service) -> None:
    async with asyncio.timeout(60):
        while await road.behind(bootstrap, database_url):
            assert scoring.process is not None
            assert scoring.process.poll() is None, scoring.tail()
            await asyncio.sleep(0.2)
