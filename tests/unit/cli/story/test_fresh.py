"""Whose settings the demo goes by."""

from cli.story import nordwind
from cli.story.fresh import CHANNELS, not_for_us
from shared.programme.load import load


def test_only_ports_and_what_concerns_this_machine_are_the_demos() -> None:
    ours = ["VOC_KAFKA_PORT", "VOC_INGEST_PORT", "VOC_CACHE", "VOC_MAVEN_URL", "VOC_LOG_LEVEL", "PATH", "HTTP_PROXY"]
    others = ["VOC_KAFKA_BOOTSTRAP_SERVERS", "VOC_KAFKA_SECURITY_PROTOCOL", "VOC_HOST", "VOC_DATABASE_URL", "VOC_KEY"]
    assert not_for_us([*ours, *others]) == others


def test_the_shops_slack_has_every_channel_that_its_programme_names() -> None:
    notified = [receiver for owner in load(nordwind.PROGRAMME).owners for receiver in owner.notify]
    named = {receiver.to for receiver in notified if receiver.channel == "slack"}
    assert named < set(CHANNELS)
