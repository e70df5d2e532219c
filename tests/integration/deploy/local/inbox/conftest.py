"""One inbox for the tests of this folder; each begins with all well and nothing received."""

from collections.abc import Iterator

import pytest

from tests.inbox import Inbox


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    inbox = Inbox(tmp_path_factory.mktemp("inbox")).start()
    yield inbox
    inbox.stop()


@pytest.fixture
def inbox(running: Inbox) -> Inbox:
    running.well()
    running.tell("pace", on=False)
    return running
