"""The table of topics says what the design says."""

from datetime import timedelta

from shared.kafka.topics import EVENTS, TOPICS, in_sync

DAY_MS = 86_400_000


def test_topics_have_the_names_keys_and_cleanup_of_the_contract() -> None:
    assert {topic.name: topic.config()["cleanup.policy"] for topic in TOPICS} == {
        "voc.events": "delete",
        "voc.quarantine": "delete",
        "voc.personas": "compact",
        "voc.moments": "compact",
        "voc.cases": "delete",
        "voc.troubles": "compact",
    }
    assert EVENTS.retention == timedelta(days=30)
    assert EVENTS.config()["retention.ms"] == str(30 * DAY_MS)


def test_what_is_compacted_is_kept_for_ever_and_what_is_not_ends() -> None:
    for topic in TOPICS:
        assert (topic.config()["retention.ms"] == "-1") is topic.compact


def test_of_three_copies_two_have_to_have_it_and_fewer_brokers_take_events_one_by_one() -> None:
    assert [in_sync(copies) for copies in (1, 2, 3)] == [1, 1, 2]
