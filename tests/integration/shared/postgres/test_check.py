"""Whether PostgreSQL answers, in a sentence."""

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from shared.postgres.check import answers
from shared.postgres.engine import DatabaseSettings, connect


async def said(url: str) -> str | None:
    engine = connect(DatabaseSettings(url=SecretStr(url)), application="check")
    try:
        return await answers(engine)
    finally:
        await engine.dispose()


async def test_one_that_answers_is_well(database_url: str) -> None:
    assert await said(database_url) is None


async def test_one_that_does_not_is_named_with_its_reason_and_without_its_password(database_url: str) -> None:
    there = make_url(database_url)
    for url in (there.set(database="nobody_and_nothing"), there.set(username="nobody_and_nothing")):
        found = await said(url.render_as_string(hide_password=False))
        assert found is not None
        assert found.startswith("PostgreSQL does not answer: ")
        assert "nobody_and_nothing" in found
        assert url.password is None or url.password not in found
