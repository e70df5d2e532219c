"""Kafka, PostgreSQL and scoring processes that these tests may kill, freeze and start again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest

import deploy.local.kafka
from deploy.local.server import Server
from tests import databases
from tests.processes import Service

NewDatabase = Callable[[], str]


class StartScoring(Protocol):
    """Makes a scoring process of a slot; it is stopped after the test. Further settings by their variables' names."""

    def __call__(self, slot: int = 0, **settings: str) -> Service: ...


@pytest.fixture(scope="module")
def kafka(workshop: Path) -> Iterator[Server]:
    """A broker of the module's own."""
    server = deploy.local.kafka.start(workshop / f"kafka-{uuid4().hex[:8]}")
    yield server
    server.stop()


@pytest.fixture
def new_database(postgres_url: str) -> Iterator[NewDatabase]:
    """Makes empty databases; they go with the test."""
    made: list[str] = []

    def make() -> str:
        made.append(databases.create(postgres_url))
        return made[-1]

    yield make
    for url in made:
        databases.drop(postgres_url, url)


@pytest.fixture
def database(new_database: NewDatabase) -> str:
    """An empty database of the test's own."""
    return new_database()


@pytest.fixture
def second_database(new_database: NewDatabase) -> str:
    """Another one, for a run to compare with."""
    return new_database()


@pytest.fixture
def scoring(kafka: Server, database: str, workshop: Path) -> Iterator[StartScoring]:
    """Scoring on the test's broker and database."""
    made: list[Service] = []

    def make(slot: int = 0, **settings: str) -> Service:
        addresses = {"VOC_KAFKA_BOOTSTRAP_SERVERS": kafka.address, "VOC_DATABASE_URL": database}
        service = Service("scoring", workshop, **{**addresses, "VOC_SCORING_SLOT": str(slot), **settings})
        made.append(service)
        return service

    yield make
    for service in made:
        service.stop()
