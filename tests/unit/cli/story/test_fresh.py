"""Whose settings the demo goes by."""

from cli.story.fresh import not_for_us


def test_only_ports_and_what_concerns_this_machine_are_the_demos() -> None:
    ours = ["VOC_KAFKA_PORT", "VOC_INGEST_PORT", "VOC_CACHE", "VOC_MAVEN_URL", "VOC_LOG_LEVEL", "PATH", "HTTP_PROXY"]
    others = ["VOC_KAFKA_BOOTSTRAP_SERVERS", "VOC_KAFKA_SECURITY_PROTOCOL", "VOC_HOST", "VOC_DATABASE_URL", "VOC_KEY"]
    assert not_for_us([*ours, *others]) == others
