"""A map says what happened; the rest of the event's envelope is put around it."""

from typing import Any

import pytest

from services.ingest.domain.completed import Said, completed
from shared.programme.source import Source

SAID = Said("place", "shop")


def whole(event: dict[str, Any], said: Said = SAID, **fields: Any) -> dict[str, Any]:
    return completed(event, Source(source="shop", topic="t", **fields), said)


def test_what_a_map_leaves_out_or_finds_nothing_for_is_put_there() -> None:
    assert whole({"id": None, "type": "voc.outcome"}) == {
        "specversion": "1.0",
        "id": "place",
        "source": "shop",
        "type": "voc.outcome",
    }


def test_the_maps_own_id_stands_and_its_source_does_not() -> None:
    assert (whole({"id": "o-1", "source": "x"})["id"], whole({"source": "x"})["source"]) == ("o-1", "shop")


@pytest.mark.parametrize("name", ["id", "subject"])
def test_numbers_become_texts(name: str) -> None:
    assert whole({name: 42})[name] == "42"


def test_the_sources_own_subject_and_instance_stand_before_the_maps() -> None:
    event = {"type": "voc.interaction", "subject": "a", "data": {"action": "x", "instance": "1"}}
    made = whole(event, SAID._replace(subject="crm:b", instance=2))
    assert (made["subject"], made["data"]["instance"]) == ("crm:b", "2")


def test_the_sources_journey_and_channel_stand_where_the_map_says_none_and_the_type_has_them() -> None:
    given: dict[str, Any] = {"journey": "j", "touchpoint": "t", "channel": "web"}
    interaction = {"type": "voc.interaction", "data": {"action": "x", "channel": "app", "journey": None}}
    assert whole(interaction, **given)["data"] == {"journey": "j", "touchpoint": "t", "action": "x", "channel": "app"}
    assert whole({"type": "voc.profile", "data": {"attributes": {}}}, **given)["data"] == {"attributes": {}}


@pytest.mark.parametrize("event", [{}, {"type": "voc.unknown", "data": {"a": None}}, {"type": 7, "data": [1]}])
def test_what_is_no_event_is_left_to_whoever_reads_events(event: dict[str, Any]) -> None:
    assert whole(event, journey="j")["source"] == "shop"
