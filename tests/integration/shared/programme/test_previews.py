"""Questions and answers of previews on a real PostgreSQL."""

from datetime import UTC, datetime

from pydantic import SecretStr

from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme import previews
from shared.programme.previews import Preview
from tests import road
from tests.programmes import RETAIL

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def test_a_question_is_answered_by_one_at_a_time_and_by_another_where_he_dies(database_url: str) -> None:
    engine = connect(DatabaseSettings(url=SecretStr(database_url)), application="tests")
    await migrate(engine, "voc", "shared.postgres.migrations")
    async with engine.begin() as connection:
        asked = await previews.ask(connection, RETAIL, NOON)
        question = await previews.claim(connection)
        assert question is not None
        assert (question.id, question.programme(), question.from_at) == (asked, RETAIL, NOON)
        assert await previews.claim(connection) is None
    await road.execute(database_url, "update voc.previews set claimed_until = now() - interval '1 second'")
    preview = Preview(5, {("planner", "regular"): 2, ("planner", "newcomer"): 1}, finished=True)
    async with engine.begin() as connection:
        assert await previews.claim(connection) == question
        assert await previews.answer(connection, asked, preview)
        assert await previews.read(connection, asked) == preview
    await road.execute(database_url, "update voc.previews set claimed_until = null")
    async with engine.begin() as connection:
        assert await previews.claim(connection) is None, "it is answered"
        await previews.forget(connection, asked)
        assert not await previews.answer(connection, asked, preview), "nobody waits any more"
    await engine.dispose()
