"""Which channels the stand-in has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.inbox.channels import Channels
from deploy.local.inbox.kept import Kept
from deploy.local.inbox.settings import Settings


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    found = Kept(tmp_path)
    yield found
    found.close()


def test_a_mistyped_channel_is_not_there_where_it_is_said_which_there_are(kept: Kept) -> None:
    given = {"VOC_SLACK_TOKEN": "xoxb", "VOC_INBOX_CHANNELS": "#care, delivery"}
    channels = Channels(kept, Settings.of(given).channels)
    assert channels.named("#delivry") is None
    (care, delivery) = (channels.named("#care"), channels.named("#delivery"))
    assert care is not None
    assert delivery is not None
    assert channels.named(delivery.id) == delivery
    assert [channel.name for channel in channels.all()] == ["care", "delivery"]


def test_without_that_every_well_formed_name_is_there(kept: Kept) -> None:
    channels = Channels(kept, None)
    assert channels.named("#anything") is not None
    assert channels.named("#No Name") is None
