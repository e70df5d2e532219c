"""Nordwind's month: real events, the same each time, and a story that the numbers show."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from examples.retail import history
from examples.retail.event import Event
from shared.events.model import Profile
from shared.events.read import read
from shared.programme.load import load
from shared.programme.match import Matcher

ENDS_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return list(history.events(days=28, customers=2000, ends_at=ENDS_AT))


def test_it_is_a_month_of_fifteen_to_twenty_thousand_events(events: list[Event]) -> None:
    times = [datetime.fromisoformat(event["time"]) for event in events]
    assert 15_000 <= len(events) <= 20_000
    assert times == sorted(times)
    assert ENDS_AT - timedelta(days=28) <= times[0]
    assert ENDS_AT - timedelta(hours=1) < times[-1] <= ENDS_AT


def test_the_same_arguments_give_the_same_events(events: list[Event]) -> None:
    assert list(history.events(ends_at=ENDS_AT)) == events
    assert list(history.events(ends_at=ENDS_AT, seed="another")) != events


def test_a_person_lives_the_same_life_among_more_people(events: list[Event]) -> None:
    few = [event for event in history.events(customers=50, ends_at=ENDS_AT) if "subject" in event]
    subjects = {event["subject"] for event in few}
    assert few == [event for event in events if event.get("subject") in subjects]


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


def test_the_carrier_of_the_north_fails_in_the_last_week(events: list[Event]) -> None:
    regions = {
        event["subject"]: event["data"]["attributes"]["region"] for event in events if event["type"] == "voc.profile"
    }
    promised = {e["data"]["instance"]: e for e in events if e["data"].get("action") == "placed"}
    arrived = {e["data"]["instance"]: e["time"][:10] for e in events if e["data"].get("action") == "delivered"}
    cancelled = {e["data"]["instance"] for e in events if e["data"].get("action") == "cancelled"}
    kept: dict[tuple[bool, bool], list[bool]] = defaultdict(list)
    for order, event in promised.items():
        due = event["data"]["promised_at"]
        if due < "2026-05-04" and order not in cancelled:
            last_week = due > "2026-04-28"
            kept[(last_week, regions[event["subject"]] == "north")].append(arrived.get(order, "9999") <= due)
    shares = {which: sum(values) / len(values) for which, values in kept.items()}
    assert shares[(True, True)] < 0.5
    assert min(share for which, share in shares.items() if which != (True, True)) > 0.9
    assert min(len(values) for values in kept.values()) > 100


def test_there_are_anonymous_answers_parts_and_hidden_colleagues(events: list[Event]) -> None:
    typed = [read(msgspec.json.encode(event)) for event in events]
    feedback = [event for event in typed if event.type == "voc.feedback"]
    assert sum(event.customer is None for event in feedback) > 400
    responses = Counter(event.data.response for event in feedback if getattr(event.data, "response", None))  # type: ignore[union-attr]
    assert sum(count > 1 for count in responses.values()) > 100
    assert any(getattr(event.data, "perspective", None) == "employee" for event in feedback)
    assert {event.customer for event in typed if isinstance(event.data, Profile)} == {
        event.customer for event in typed if event.customer is not None
    }, "everybody is introduced"
