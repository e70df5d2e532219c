"""A page begins with what whoever followed its link wants to know, by answers as the services give them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from deploy.local.inbox import lead
from deploy.local.inbox.drawn import page
from services.alerts.domain.shapes import Delivery, Episode
from services.insights.domain import shapes
from tests.letters import GREEN_NOW, MOMENT, OPENED

NOW = datetime(2026, 5, 10, tzinfo=UTC)


def answered(value: msgspec.Struct) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def measure(**more: Any) -> shapes.Measure:
    plain = {"metric": "csat", "stat": None, "value": 52.25, "low": 40.0, "high": 60.0, "n": 31, "window": "7d"}
    return shapes.Measure(**plain | more)


def test_a_journey_says_what_is_red_and_by_what() -> None:
    red = measure(status="red", red_below=60)
    step = shapes.Touchpoint(
        touchpoint="door",
        name="The parcel arrives",
        people=[],
        channels=[],
        promise=None,
        status="red",
        decided_at=None,
        decided_by=None,
        measures=[red, measure(status="green")],
        experience=None,
    )
    stage = {"stages": [{"touchpoints": [answered(step)]}]}
    assert list(lead.of_journey({"status": "red", **stage})) == [
        "It is red.",
        "The parcel arrives is red: csat 52.25 of 31 (red below 60).",
    ]
    assert list(lead.of_journey({"status": "unknown", "stages": []})) == ["Nothing is decided about it yet."]


def test_a_customer_says_who_it_is_and_how_to_be_treated() -> None:
    customer = shapes.Customer(
        subject="crm:7",
        identifiers=[],
        persona="planner",
        persona_name="Planner",
        since=NOW,
        confidence=0.75,
        reasons=[],
        treatment=shapes.Treatment(strategy="Say early", do=["call"], avoid=[]),
        treatment_skipped=False,
        instances=[],
        promises=[],
        timeline=shapes.Timeline(items=[], next=None),
    )
    said = list(lead.of_customer(answered(customer)))
    assert said == [
        "Planner since 2026-05-10T00:00:00Z, confidence 0.75.",
        "To be treated so: Say early. Do: call.",
    ]
    skipped = msgspec.structs.replace(customer, treatment=None, treatment_skipped=True)
    assert "skipped" in list(lead.of_customer(answered(skipped)))[1]
    drawn = page(answered(customer), what="Customer", title="crm:7", foot="", lead=said)
    assert "Planner since 2026-05-10 00:00:00 UTC" in drawn


def test_a_red_spell_says_since_when_by_what_and_who_was_told() -> None:
    delivery = Delivery(
        id=UUID(int=1),
        about="episode",
        thread=UUID(int=2),
        channel="slack",
        to="#delivery",
        kind="red",
        edit=False,
        reason="became-red",
        state="delivered",
        queued_at=OPENED,
        done_at=OPENED,
        due_at=None,
        tries=1,
        reference=None,
        answer=None,
    )
    episode = Episode(
        id=UUID(int=2),
        journey="order-to-door",
        touchpoint="parcel-arrives",
        status="red",
        initial=False,
        opened_at=OPENED,
        closed_at=None,
        closed_because=None,
        acknowledged_by=None,
        evidence=MOMENT,
        opened_by=MOMENT,
        deliveries=[delivery],
    )
    assert list(lead.of_episode(answered(episode))) == [
        "The parcel arrives (From order to door) is red since 2026-11-25T13:05:00Z.",
        "When it turned red: promise_kept 78.4 of 412 (red below 85); csat 68 of 120 (red below 60).",
        "Told: slack #delivery (delivered).",
    ]
    over = msgspec.structs.replace(
        episode, closed_at=GREEN_NOW.decided_at, closed_because="recovered", deliveries=[], evidence=GREEN_NOW
    )
    first, _, last = lead.of_episode(answered(over))
    assert first.endswith("was red from 2026-11-25T13:05:00Z to 2026-11-25T18:17:00Z: recovered.")
    assert last == "Nobody was told."
