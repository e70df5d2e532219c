"""Events in, voc.personas and voc.cases out, through a real scoring process: each change once, whatever is repeated."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.events.told.case import CaseOpened
from shared.events.told.envelope import Received
from shared.events.told.persona import PersonaChanged
from shared.kafka.topics import CASES, PERSONAS
from tests import road
from tests.orders import event, feedback
from tests.parts import kafka_address
from tests.personas import SORTED
from tests.processes import Service, running
from tests.told import told

ARRIVES = {"journey": "order-to-door", "instance": "1", "touchpoint": "parcel-arrives"}


@pytest.fixture(scope="module")
def own_kafka(workshop: Path) -> Iterator[str]:
    """A broker whose topics hold nothing but this module's."""
    with kafka_address(workshop / "told") as address:
        yield address


async def test_personas_and_cases_are_told_once(own_kafka: str, database_url: str, workshop: Path) -> None:
    now = datetime.now(UTC)
    settings = {"VOC_KAFKA_BOOTSTRAP_SERVERS": own_kafka, "VOC_DATABASE_URL": database_url, "VOC_SCORING_BATCH": "2"}
    await road.make_topic(own_kafka)
    await road.apply_programme(database_url, SORTED)
    sent = road.records([*webby("crm:1", now), *unhappy("crm:2", now), *waiting("crm:3", now)])
    first = Service("scoring", workshop, **settings, VOC_SCORING_TIMER_SECONDS="0.2")
    with running(first):
        await road.produce(own_kafka, sent + sent)
        await until_told(own_kafka, database_url, personas=5, cases=3, what=first.tail)
    again = Service("scoring", workshop, **settings, VOC_SCORING_TIMER_SECONDS="0.2")
    with running(again):
        await road.produce(own_kafka, sent[::-1])
        await until_told(own_kafka, database_url, personas=5, cases=3, what=again.tail)

    found = await told(own_kafka, PERSONAS.name)
    assert all(key == message.subject for key, message in found)
    assert personas_of(found, "crm:1") == [(1, "everyday", None), (2, "planner", "everyday")]
    assert personas_of(found, "crm:2") == [(1, "everyday", None), (2, "let-down", "everyday")]
    assert personas_of(found, "crm:3") == [(1, "everyday", None)]
    (shown,) = await road.fetch(database_url, "select * from scoring.read_customers where customer = 'crm:1'")
    last = found_of(found, "crm:1")[-1].data
    assert isinstance(last, PersonaChanged)
    assert (shown["persona"], shown["since"], shown["programme"]) == ("planner", last.since, last.programme)

    data = [message.data for _, message in await told(own_kafka, CASES.name)]
    cases = {one.rule: one for one in data if isinstance(one, CaseOpened)}
    assert cases.keys() == {"would warn others", "very unhappy with a delivery", "still waiting"}
    unhappy_one, waiting_one = cases["very unhappy with a delivery"], cases["still waiting"]
    assert (unhappy_one.customer, unhappy_one.score, unhappy_one.comment) == ("crm:2", 1, "Broken")
    assert (waiting_one.customer, waiting_one.promise, waiting_one.persona) == (
        "crm:3",
        "On the promised day",
        "everyday",
    )


def webby(who: str, now: datetime) -> list[dict[str, Any]]:
    visits = [now - timedelta(days=days) for days in (9, 5)]
    return [event(f"{who}-{at:%d}", who, at, {"action": "looked", "channel": "web"}) for at in visits]


def unhappy(who: str, now: datetime) -> list[dict[str, Any]]:
    scores = [{"metric": "csat", "score": 1}]
    warning = [{"metric": "nps", "score": 0}]
    part = ARRIVES | {"response": "r"}
    return [
        feedback(f"{who}-score", who, now, part | {"answers": scores, "comment": "Broken"}),
        feedback(f"{who}-again", who, now + timedelta(seconds=1), part | {"answers": scores}),
        event(f"{who}-chat", who, now + timedelta(seconds=2), {"action": "chatted"}),
        feedback(f"{who}-nps", who, now + timedelta(seconds=3), {"answers": warning}),
    ]


def waiting(who: str, now: datetime) -> list[dict[str, Any]]:
    due = {"action": "placed", "promised_at": (now - timedelta(minutes=1)).isoformat()}
    return [event(f"{who}-placed", who, now - timedelta(hours=1), ARRIVES | due)]


async def until_told(bootstrap: str, database: str, *, personas: int, cases: int, what: Any) -> None:
    """Wait until everything is folded and published, timers too; then there is no more and no less than that."""
    await road.until_folded(bootstrap, database, within=40, what=what)
    await road.until(lambda: timers_fired(database), within=20, what=what)
    await road.until(lambda: nothing_waits(database), within=20, what=what)
    await asyncio.sleep(0.5)
    counts = [len(await told(bootstrap, topic)) for topic in (PERSONAS.name, CASES.name)]
    assert counts == [personas, cases]


async def timers_fired(database: str) -> bool:
    return not await road.fetch(database, "select from scoring.instances where fire_at < now() limit 1")


async def nothing_waits(database: str) -> bool:
    return not await road.fetch(database, "select from scoring.outbox where published_at is null limit 1")


def found_of(found: list[tuple[str, Received]], who: str) -> list[Received]:
    return [message for key, message in found if key == who]


def personas_of(found: list[tuple[str, Received]], who: str) -> list[tuple[int | None, str, str | None]]:
    data = [(message.sequence, message.data) for message in found_of(found, who)]
    return [(n, one.persona, one.previous) for n, one in data if isinstance(one, PersonaChanged)]
