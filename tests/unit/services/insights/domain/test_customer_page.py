"""A customer's page, from scoring's rows and the programme in force."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from services.insights.domain import cursor, shapes
from services.insights.domain.customer_page import page
from services.insights.domain.record import Customer, Happened, Known, Promised, Run
from shared.programme.history import History, Version
from shared.programme.model import Condition, Programme, Signal
from shared.programme.weigh.features import Features
from tests.shop import SHOP

NOW = datetime(2026, 5, 10, tzinfo=UTC)
KNOWN = Known(["email:b@x", "crm:1"], "everyday", NOW, NOW, None, False, Features(NOW))


def happened(position: int) -> Happened:
    event = b'{"data":{"action":"placed"}}'
    return Happened(NOW - timedelta(hours=9 - position), position, f"e{position}", "s", "voc.interaction", None, event)


def shown(limit: int = 50, programme: Programme = SHOP, **parts: Any) -> shapes.Customer:
    rows = {"known": KNOWN, "runs": [], "scores": [], "reached": [], "promises": [], "timeline": []} | parts
    history = History([Version(1, None, NOW, "", programme)])
    return page("crm:7", Customer(**rows), history, limit=limit, now=NOW)


def test_who_they_are_and_how_they_are_treated() -> None:
    customer = shown()
    assert (customer.subject, customer.identifiers) == ("crm:7", ["crm:1", "email:b@x"])
    assert (customer.persona, customer.since) == ("everyday", NOW)
    assert customer.persona_name == "Everyday"
    assert customer.treatment == shapes.Treatment(strategy="Keep the date", do=["say early"], avoid=["upsell"])


def test_a_treatment_that_scoring_has_skipped_is_not_shown_however_sure_one_is_by_now() -> None:
    unsure = shown(programme=CAREFUL, known=KNOWN._replace(programme=1, treatment_skipped=True))
    assert (unsure.confidence, unsure.treatment, unsure.treatment_skipped) == (1.0, None, True)


def test_a_treatment_that_scoring_has_told_is_shown_however_unsure_one_is_by_now() -> None:
    features = Features(NOW, promises_missed=9)  # found by a timer, since the persona was decided
    sure = shown(programme=CAREFUL, known=KNOWN._replace(programme=1, features=features))
    assert (sure.confidence, sure.treatment is not None, sure.treatment_skipped) == (0.0, True, False)


def careful() -> Programme:
    """SHOP, whose persona is for those to whom every promise was kept, and whose treatment needs confidence."""
    (persona,) = SHOP.personas
    assert persona.treatment is not None
    kept = Signal(condition=Condition(feature="promise.missed", start=1, end=0), weight=1)
    treatment = msgspec.structs.replace(persona.treatment, needs_confidence=True)
    persona = msgspec.structs.replace(persona, treatment=treatment, signals=(kept,))
    return msgspec.structs.replace(SHOP, personas=(persona,))


CAREFUL = careful()


@pytest.mark.parametrize("persona", ["unassigned", "retired-persona"])
def test_a_persona_that_the_programme_has_not_has_neither_name_nor_treatment(persona: str) -> None:
    customer = shown(known=KNOWN._replace(persona=persona))
    assert (customer.persona, customer.persona_name, customer.treatment) == (persona, None, None)


def test_runs_expire_by_the_rule_of_their_journey() -> None:
    silent = NOW - timedelta(days=3)
    runs = [Run(journey, "1", "open", silent, silent, None, 1) for journey in ("order-to-door", "gone")]
    assert [(run.journey, run.status) for run in shown(runs=runs).instances] == [
        ("order-to-door", "expired"),
        ("gone", "open"),
    ]


def test_a_promise_says_what_the_map_says() -> None:
    made = Promised("order-to-door", None, "parcel-arrives", NOW, "missed", NOW)
    promises = [made, made._replace(touchpoint="order-placed"), made._replace(journey="gone", state="open")]
    assert [(one.says, one.state) for one in shown(promises=promises).promises] == [
        ("On the promised day", "missed"),
        (None, "missed"),
        (None, "open"),
    ]


def test_the_next_page_begins_after_the_last_item_that_is_shown() -> None:
    rows = [happened(3), happened(2), happened(1)]
    timeline = shown(limit=2, timeline=rows).timeline
    assert [item.id for item in timeline.items] == ["e3", "e2"]
    assert timeline.next is not None
    assert cursor.read(timeline.next) == cursor.Place(rows[1].time, 2)
    assert [item.summary for item in timeline.items] == ["Placed.", "Placed."]


def test_the_last_page_has_no_next() -> None:
    assert shown(limit=2, timeline=[happened(2), happened(1)]).timeline.next is None
    assert shown().timeline == shapes.Timeline(items=[], next=None)
