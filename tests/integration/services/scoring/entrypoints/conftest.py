"""An evaluator on an empty database, which has folded all that is in Kafka."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests import databases
from tests.integration.services.scoring.entrypoints.caught_up import caught_up
from tests.integration.services.scoring.entrypoints.deciding import Bench


@pytest.fixture
def fresh_database(postgres_url: str) -> Iterator[str]:
    """An empty database of the test's own."""
    url = databases.create(postgres_url)
    yield url
    databases.drop(postgres_url, url)


@pytest.fixture
async def bench(kafka_bootstrap: str, fresh_database: str) -> AsyncIterator[Bench]:
    """At the beginning of the tests' own time."""
    async with caught_up(kafka_bootstrap, fresh_database) as (engine, consumer):
        yield Bench(engine, fresh_database, consumer)
