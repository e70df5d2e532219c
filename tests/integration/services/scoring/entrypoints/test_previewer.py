"""Questions of who would switch, on real parts: one that cannot be answered ends nothing."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.programmes import Programmes
from services.scoring.entrypoints.previewer import Previewer
from shared.programme import previews
from shared.programme.previews import Preview
from tests import road
from tests.histories import BEGIN
from tests.integration.services.scoring.entrypoints.folding import folding
from tests.programmes import RETAIL


async def test_a_question_of_a_newer_voc_stays_unanswered_and_the_next_one_is_answered(
    kafka_bootstrap: str, database_url: str
) -> None:
    async with folding(kafka_bootstrap, database_url) as scoring:
        await road.execute(
            database_url, 'insert into voc.previews (document, from_at) values (\'{"not": "read"}\', now())'
        )
        async with scoring.engine.begin() as connection:
            asked = await previews.ask(connection, RETAIL, BEGIN)
        running = asyncio.create_task(Previewer(scoring.engine, Programmes(scoring.engine)).run())

        async def over() -> bool:
            return running.done() or (await _answer(scoring.engine, asked)).finished

        await road.until(over, within=10)
        assert not running.done(), "the process would have ended with it"
        running.cancel()
        await asyncio.wait([running])
        rows = await road.fetch(
            database_url, "select finished, claimed_until > now() as held from voc.previews order by id"
        )
        assert [tuple(row) for row in rows] == [(False, True), (True, True)], "nobody else takes it at once"


async def _answer(engine: AsyncEngine, asked: int) -> Preview:
    async with engine.connect() as connection:
        return await previews.read(connection, asked)
