"""An act on its way through the door: each event at its time, and what happens when the door or we break it off."""

import time

import pytest

from cli.story.act import Act
from examples.retail.live import Timed
from shared.errors import VocError
from tests.integration.cli.moody_door import MoodyDoor, at_the_door


def events(*seconds: float) -> list[Timed]:
    return [(at, {"id": f"event-{place}", "data": {}}) for place, at in enumerate(seconds)]


def test_events_are_sent_in_order_and_none_before_its_time() -> None:
    door = MoodyDoor()
    with at_the_door(door) as url, Act(events(0, 0, 0.6), url, "key") as act:
        deadline = time.monotonic() + 10
        while not door.taken:
            assert time.monotonic() < deadline
        assert (door.taken, act.over) == (["event-0", "event-1"], False)
        act.finish()
        assert (act.sent, act.total, act.over) == (3, 3, True)
    assert door.taken == ["event-0", "event-1", "event-2"]


def test_a_door_that_lets_nobody_in_is_a_sentence() -> None:
    with at_the_door(MoodyDoor(shuts_after=0)) as url, Act(events(0), url, "key") as act:
        with pytest.raises(VocError, match="does not let this key in"):
            act.finish()
        assert act.sent == 0


def test_a_refused_event_is_a_sentence() -> None:
    refusal = b'{"accepted":0,"rejected":[{"index":0,"id":"event-0","problems":[{"path":"time","message":"odd"}]}]}'
    refused = pytest.raises(VocError, match="refused an event of the story, event-0")
    with at_the_door(MoodyDoor((422, {}, refusal))) as url, Act(events(0), url, "key") as act, refused:
        act.finish()


def test_an_act_that_is_left_goes_on_with_what_it_has_begun() -> None:
    door = MoodyDoor()
    steps = [(0, "begun"), (0.3, "another"), (0.6, "begun")]
    told = [(at, {"id": f"{order}-{at}", "data": {"instance": order}}) for at, order in steps]
    with at_the_door(door) as url:
        with Act(told, url, "key") as act:
            deadline = time.monotonic() + 10
            while not door.taken:
                assert time.monotonic() < deadline
        assert act.over
    assert door.taken == ["begun-0", "begun-0.6"]


def test_an_act_that_is_left_is_broken_off() -> None:
    door = MoodyDoor()
    with at_the_door(door) as url:
        with Act(events(0, 600), url, "key") as act:
            deadline = time.monotonic() + 10
            while not door.taken:
                assert time.monotonic() < deadline
        assert act.over
    assert door.taken == ["event-0"]
