"""Receivers: which alerts can send to, and which channels change what they said."""

from typing import get_args

from services.alerts.channels.email import Email
from services.alerts.channels.slack import Slack
from services.alerts.domain.directory import LIVING, receivers, unheard
from shared.programme.model import Receiver
from shared.programme.owners_file import Channel
from shared.programme.unheard import WE_SEND_TO
from tests.unit.services.alerts.programmes import SLACK, owner


def test_living_is_what_the_channels_say() -> None:
    channels: dict[str, type[Slack] | type[Email]] = {"slack": Slack, "email": Email}
    assert set(channels) == set(WE_SEND_TO)
    assert {name for name, channel in channels.items() if channel.living} == set(LIVING)


def test_a_channel_that_is_not_there_yet_says_so() -> None:
    for channel in get_args(Channel):
        (one,) = receivers(owner("delivery", Receiver(channel=channel, to="x")))
        assert (one.cannot is None) == (channel in WE_SEND_TO)
        assert one.cannot is None or channel in one.cannot


def test_nobody_has_no_receivers() -> None:
    assert receivers(None) == receivers(owner("delivery")) == ()
    assert len(receivers(owner("delivery", SLACK))) == 1


def test_an_owner_is_heard_of_by_one_receiver_that_can_be_sent_to() -> None:
    pager = Receiver(channel="pagerduty", to="key")
    assert unheard(owner("delivery", pager, SLACK)) is None
    assert "pagerduty" in (unheard(owner("delivery", pager)) or "")
    assert "notify" in (unheard(owner("delivery")) or "")
    assert "owners.yaml" in (unheard(None) or "")
