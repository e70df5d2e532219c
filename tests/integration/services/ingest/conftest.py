"""One door for the tests that do not harm it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.services.ingest.door import Door, open_door


@pytest.fixture(scope="module")
def door(kafka_bootstrap: str, database_url: str, workshop: Path) -> Iterator[Door]:
    with open_door(kafka_bootstrap, database_url, workshop) as opened:
        yield opened
