"""Every golden payload becomes what its file says."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from services.ingest.providers.known import known_providers
from shared.programme.sources_file import PROVIDERS
from tests.unit.services.ingest.providers.cases import GOLDEN, RECEIVED_AT, all_cases, case


@pytest.mark.parametrize("path", all_cases(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_golden_payload(path: Path) -> None:
    golden = case(path)
    assert golden.source.provider == path.parent.name
    assert golden.told(golden.mapped()) == golden


@pytest.mark.parametrize("path", all_cases(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_sent_again_later_is_the_same_event(path: Path) -> None:
    golden = case(path)
    again = golden.mapped(RECEIVED_AT + timedelta(hours=1))
    assert [msgspec.json.decode(event.raw)["id"] for event in again.events] == [event["id"] for event in golden.events]


@pytest.mark.parametrize("name", ["order-created", "order-cancelled", "customer-updated", "customer-to-be-forgotten"])
def test_headers_that_nobody_signs_make_no_other_event_of_a_shop(name: str) -> None:
    golden = case(GOLDEN / "shopify" / f"{name}.json")
    new = {f"x-shopify-{what}": "new" for what in ("event-id", "webhook-id")}
    other = golden.headers | new | {"x-shopify-triggered-at": "2026-05-01T00:00:00Z"}
    assert msgspec.structs.replace(golden, headers=other).mapped().events == golden.mapped().events


def test_a_score_that_comes_back_to_what_it_was_is_an_answer_too() -> None:
    golden = case(GOLDEN / "hubspot" / "last-nps-of-a-contact.json")
    later = [golden.body[0] | {"occurredAt": golden.body[0]["occurredAt"] + 60_000}]
    first, again = (one.mapped().events[0].raw for one in (golden, msgspec.structs.replace(golden, body=later)))
    assert msgspec.json.decode(first)["id"] != msgspec.json.decode(again)["id"]


STATES = {
    "typeform": ("partial", "finished"),
    "delighted": ("score-at-once", "comment-later", "another-score-later"),
    "formbricks": ("created", "partial", "finished"),
    "google-forms": ("submitted", "edited"),
    "trustpilot": ("created", "changed"),
}


@pytest.mark.parametrize("provider", STATES)
def test_states_of_one_answer_share_its_response_in_their_order(provider: str) -> None:
    states = [case(GOLDEN / provider / f"{name}.json").events[0] for name in STATES[provider]]
    assert len({state["data"]["response"] for state in states}) == 1
    assert len({state["subject"] for state in states}) == 1
    assert len({state["id"] for state in states}) == len(states)
    times = [state["time"] for state in states]
    assert times == sorted(times)


def test_every_provider_has_golden_payloads_and_may_be_named_in_a_programme() -> None:
    assert sorted(known_providers()) == sorted(PROVIDERS) == sorted(folder.name for folder in GOLDEN.iterdir())
