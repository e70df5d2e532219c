"""Real Kafka and real PostgreSQL for the tests: addresses given, else containers, else the local binaries."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import databases
from tests.parts import kafka_address, postgres_address

settings.register_profile("voc", deadline=None)  # a machine that is busy fails no property
settings.load_profile("voc")


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """A shell's background job ignores Ctrl-C, and so would all that it starts; tests press it on what they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """A folder for this run that everybody may enter: PostgreSQL may run under another account."""
    folder = Path(tempfile.mkdtemp(prefix="voc-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def kafka_bootstrap(workshop: Path) -> Iterator[str]:
    """The address of one broker for the whole run; what is in its topics is whatever ran before."""
    given = os.environ.get("VOC_KAFKA_BOOTSTRAP_SERVERS")
    if given:
        yield given
        return
    with kafka_address(workshop / "kafka") as address:
        yield address


@pytest.fixture(scope="session")
def postgres_url(workshop: Path) -> Iterator[str]:
    """The address of one PostgreSQL for the whole run, with a user that may make databases."""
    given = os.environ.get("VOC_DATABASE_URL")
    if given:
        yield given
        return
    with postgres_address(workshop / "postgres") as address:
        yield address


@pytest.fixture(scope="module")
def database_url(postgres_url: str) -> Iterator[str]:
    """An empty database of the test module's own."""
    url = databases.create(postgres_url)
    yield url
    databases.drop(postgres_url, url)
