"""Everybody is looked at again when a new version of the programme holds, on real parts and by the test's clock."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import text

from services.scoring import metrics
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.reviews import Reviews
from services.scoring.domain.review import REVIEWED
from services.scoring.entrypoints.reviewer import Reviewer
from shared.events.told.persona import PersonaChanged
from shared.kafka.topics import EVENTS, PERSONAS
from shared.programme.model import Condition, Persona, Programme, Signal
from tests import databases, road
from tests.histories import BEGIN
from tests.integration.services.scoring.entrypoints.folding import Folding, folding
from tests.programmes import RETAIL
from tests.unit.services.scoring.documents import document

DAY = timedelta(days=1)
WHO = [f"crm:{number}" for number in range(5)]


def shop(name: str) -> Programme:
    webby = Persona(
        persona=name,
        name=name.title(),
        priority=1,
        signals=(Signal(condition=Condition(feature="share_of_channel.web", at_least=0.5)),),
    )
    return msgspec.structs.replace(RETAIL, personas=(webby, *RETAIL.personas))


def process(scoring: Folding) -> Reviewer:
    """What another process has: it has not heard of any version."""
    return Reviewer(
        scoring.store, Reviews(scoring.engine, EVENTS.name), scoring.ends, Programmes(scoring.engine), most=2
    )


async def visit(scoring: Folding, who: list[str], *, day: float, received: datetime) -> None:
    web = document("", "interaction", int(day * 24 * 60), action="placed", channel="web")
    await scoring.fold([web | {"id": f"{name} {day}", "subject": name} for name in who], received)


async def reviewed(scoring: Folding) -> list[str]:
    rows = await road.fetch(scoring.url, f"select customer from scoring.timeline where type = '{REVIEWED}' order by 1")
    return [row["customer"] for row in rows]


async def test_everybody_is_asked_once_page_by_page_whoever_dies_and_whatever_history_comes_later(
    kafka_bootstrap: str, database_url: str
) -> None:
    async with folding(kafka_bootstrap, database_url) as scoring:
        await scoring.apply(shop("webby"), BEGIN)
        await scoring.programmes.reload()
        await visit(scoring, WHO, day=0, received=BEGIN)
        await scoring.apply(shop("surfer"), BEGIN + 2 * DAY)

        first = process(scoring)
        await first.review_all(BEGIN + DAY)
        assert await reviewed(scoring) == [], "it does not hold yet"
        rules, at = first._programmes.current.at(BEGIN + 2 * DAY), BEGIN + 2 * DAY
        await first._progress(rules)
        assert await first._review_some(rules, at, everybody=True)
        await first._progress(rules)
        assert (len(await reviewed(scoring)), metrics.TO_REVIEW._value.get()) == (2, 3)

        await process(scoring).review_all(at)
        await process(scoring).review_all(at)
        assert (await reviewed(scoring), metrics.TO_REVIEW._value.get()) == (WHO, 0)
        told = [one for one in await scoring.told(PERSONAS.name) if isinstance(one, PersonaChanged)]
        assert [(one.persona, one.programme) for one in told] == [("webby", 1)] * 5 + [("surfer", 2)] * 5
        assert {one.reasons[0].value for one in told} == {1.0}
        assert {one.since for one in told[5:]} == {at}
        shown = await road.fetch(
            scoring.url, "select distinct persona, last_at, weighed_at from scoring.read_customers"
        )
        assert [tuple(row) for row in shown] == [("surfer", BEGIN, at)]

        await visit(scoring, ["crm:new", WHO[0]], day=1, received=BEGIN + 3 * DAY)
        assert await waiting(scoring) == ["crm:new"], "the version of the time decides of history"
        applied = (await road.fetch(scoring.url, "select max(old_applied_at) as at from scoring.offsets"))[0]["at"]
        await process(scoring).review_all(applied + timedelta(seconds=RETAIL.settle - 1))
        assert await waiting(scoring) == ["crm:new"], "until history is over"
        await process(scoring).review_all(applied + timedelta(seconds=RETAIL.settle))
        assert (await waiting(scoring), await reviewed(scoring)) == ([], [*WHO, "crm:new"])


@pytest.fixture
def another_database(postgres_url: str) -> Iterator[str]:
    url = databases.create(postgres_url)
    yield url
    databases.drop(postgres_url, url)


async def test_nobody_is_missed_whom_an_event_of_the_last_instant_before_a_version_brings(
    kafka_bootstrap: str, another_database: str
) -> None:
    async with folding(kafka_bootstrap, another_database) as scoring:
        before = BEGIN + 20 * DAY - timedelta(milliseconds=1)
        await scoring.apply(shop("webby"), BEGIN)
        await scoring.apply(shop("surfer"), BEGIN + 20 * DAY)
        await scoring.programmes.reload()
        async with scoring.engine.begin() as slow:
            await slow.execute(text("lock table scoring.timeline in share mode"))
            under_way = asyncio.create_task(visit(scoring, ["crm:a"], day=19.99, received=before))
            await stuck(scoring, 1)
            reviewing = asyncio.create_task(process(scoring).review_all(BEGIN + 20 * DAY))
            await stuck(scoring, 2)
        await asyncio.gather(under_way, reviewing)
        assert await reviewed(scoring) == ["crm:a"], "the review has waited for who had not heard of it"
        await visit(scoring, ["crm:b"], day=19.99, received=before)
        assert await waiting(scoring) == ["crm:b"], "whoever has heard of it notes whom it cannot find any more"


async def stuck(scoring: Folding, many: int) -> None:
    """Until so many transactions wait for another one."""
    waits = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    for _ in range(100):
        if len(await road.fetch(scoring.url, waits)) == many:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{many} do not wait")


async def waiting(scoring: Folding) -> list[str]:
    return [row["customer"] for row in await road.fetch(scoring.url, "select customer from scoring.left_behind")]
