"""A desk of the test's own, with all well."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests import databases
from tests.inbox import Inbox
from tests.integration.services.alerts.desk import Desk, desk


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    inbox = Inbox(tmp_path_factory.mktemp("stand-in")).start()
    yield inbox
    inbox.stop()


@pytest.fixture
def empty_database(postgres_url: str) -> Iterator[str]:
    url = databases.create(postgres_url)
    yield url
    databases.drop(postgres_url, url)


@pytest.fixture
async def at_desk(empty_database: str, stand_in: Inbox) -> AsyncIterator[Desk]:
    stand_in.well()
    stand_in.tell("pace", on=False)
    async with desk(empty_database, stand_in) as found:
        yield found
    stand_in.well()
