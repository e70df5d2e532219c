"""One inbox for the tests of this folder; each begins with all well, nothing received and nobody slowed down."""

from collections.abc import AsyncIterator, Iterator

import pytest

from services.alerts.channels.email import Email
from services.alerts.channels.slack import Slack, slack
from services.alerts.channels.smtp_url import SmtpServer
from shared.clock import now
from tests.inbox import TOKEN, Inbox

SENDER = "Voice of the Customer <voc@nordwind.example>"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    inbox = Inbox(tmp_path_factory.mktemp("inbox")).start()
    yield inbox
    inbox.stop()


@pytest.fixture
def inbox(running: Inbox) -> Inbox:
    running.well()
    running.tell("pace", on=False)
    return running


@pytest.fixture
async def channel(inbox: Inbox) -> AsyncIterator[Slack]:
    async with slack(token=TOKEN, api_url=inbox.slack_api, timeout=2) as made:
        yield made


@pytest.fixture
def email(inbox: Inbox) -> Email:
    return Email(SmtpServer.read(inbox.smtp_url), sender=SENDER, clock=now, timeout=2)
