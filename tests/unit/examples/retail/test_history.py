"""Nordwind's weeks: real events, the same each time, and figures that are well enough where a measure looks."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from examples.retail import history
from examples.retail.customers import Shop
from examples.retail.event import Event
from shared.events.model import Profile
from shared.events.read import read
from shared.programme.load import load
from shared.programme.match import Matcher

ENDS_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SHOP = Shop(ENDS_AT)


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return list(history.events(SHOP))


def test_it_is_eight_weeks_of_fifteen_to_twenty_five_thousand_events(events: list[Event]) -> None:
    times = [datetime.fromisoformat(event["time"]) for event in events]
    assert 15_000 <= len(events) <= 25_000
    assert times == sorted(times)
    assert ENDS_AT - timedelta(days=56) <= times[0] < ENDS_AT - timedelta(days=55)
    assert ENDS_AT - timedelta(minutes=5) < times[-1] <= ENDS_AT


def test_the_same_arguments_give_the_same_events(events: list[Event]) -> None:
    assert list(history.events(SHOP)) == events
    assert list(history.events(Shop(ENDS_AT, seed="another"))) != events


def test_every_event_passes_the_door_and_is_itself(events: list[Event]) -> None:
    names = {(event.source, event.id) for event in (read(msgspec.json.encode(event)) for event in events)}
    assert len(names) == len(events)


def test_every_touchpoint_is_reached_and_little_is_off_the_map(events: list[Event]) -> None:
    programme = load(Path(history.__file__).parent)
    matcher = Matcher(programme)
    reached: Counter[tuple[str, str] | None] = Counter()
    for event in events:
        data = event["data"]
        if event["type"] in ("voc.interaction", "voc.feedback") and not data.get("action", "").startswith("survey-"):
            matched = matcher.match(event["type"], data, data.get("journey"), data.get("touchpoint"))
            reached[None if matched is None else (matched.journey, matched.touchpoint)] += 1
    on_map = {(journey.journey, step.touchpoint) for journey in programme.journeys for step in journey.touchpoints}
    assert on_map - set(reached) <= {("get-help", "money-back")}, "that one is reached by outcomes"
    assert reached[None] < 0.05 * reached.total()


@pytest.mark.parametrize("minutes", [0, 14])
def test_the_last_hour_is_dense_enough_for_a_measure_of_an_hour(minutes: int) -> None:
    ends_at = ENDS_AT + timedelta(minutes=minutes)
    since = (ends_at - timedelta(minutes=60)).isoformat()
    last = [event for event in history.events(Shop(ends_at, days=7)) if event["time"] > since]
    assert len(arrivals(last)) > 1.5 * 50
    assert len(scores(last, "csat")) > 1.2 * 40


def test_parcels_come_when_it_was_said(events: list[Event]) -> None:
    said = {
        event["data"]["instance"]: datetime.fromisoformat(event["data"]["promised_at"])
        for event in events
        if event["data"].get("action") == "announced"
    }
    kept = [at <= said[order] for order, at in arrivals(events).items()]
    assert len(kept) > 1500
    assert sum(kept) / len(kept) > 0.96
    happy = [score >= 4 for score in scores(events, "csat")]
    assert sum(happy) / len(happy) > 0.85


def test_the_vans_are_full_when_the_story_goes_live(events: list[Event]) -> None:
    sent = {event["data"]["instance"] for event in events if event["data"].get("action") == "shipped"}
    assert len({order for order in sent - arrivals(events).keys() if order.startswith("N-V-")}) == 700


def test_there_are_anonymous_answers_parts_and_hidden_colleagues(events: list[Event]) -> None:
    typed = [read(msgspec.json.encode(event)) for event in events]
    feedback = [event for event in typed if event.type == "voc.feedback"]
    assert sum(event.customer is None for event in feedback) > 300
    responses = Counter(event.data.response for event in feedback if getattr(event.data, "response", None))  # type: ignore[union-attr]
    assert sum(count > 1 for count in responses.values()) > 100
    assert any(getattr(event.data, "perspective", None) == "employee" for event in feedback)
    assert {event.customer for event in typed if isinstance(event.data, Profile)} == {
        event.customer for event in typed if event.customer is not None
    }, "everybody is introduced"


def arrivals(events: list[Event]) -> dict[str, datetime]:
    return {
        event["data"]["instance"]: datetime.fromisoformat(event["time"])
        for event in events
        if event["data"].get("action") == "delivered"
    }


def scores(events: list[Event], metric: str) -> list[Any]:
    answers = [answer for event in events for answer in event["data"].get("answers", ())]
    return [answer["score"] for answer in answers if answer["metric"] == metric]
