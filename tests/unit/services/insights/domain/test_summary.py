"""One sentence an event."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insights.domain.summary import LONGEST, duration, summary
from tests.histories import events


def said(kind: str, data: Any) -> str:
    return summary(f"voc.{kind}", msgspec.json.encode({"id": "1", "type": f"voc.{kind}", "data": data}))


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("interaction", {}, "An interaction."),
        ("interaction", {"action": "delivered", "channel": "courier"}, "Delivered via courier."),
        (
            "interaction",
            {"action": "placed", "channel": "web", "promised_at": "2026-05-03", "result": "succeeded"},
            "Placed via web, succeeded, promised for 2026-05-03.",
        ),
        (
            "interaction",
            {"action": "answered", "actor": "care", "wait_seconds": 125, "response_seconds": 0.5, "effort": 2},
            "Answered by care, after waiting 2 min 5 s, answered within 0.5 s, effort 2.",
        ),
        ("interaction", {"action": "packed", "perspective": "employee"}, "Employee: packed."),
        ("feedback", {}, "Gave no answer."),
        ("feedback", {"answers": [{"metric": "csat", "score": 2}]}, "Answered csat 2 on 1–5."),
        (
            "feedback",
            {"answers": [{"metric": "nps", "score": 9}, {"metric": "expectation", "score": -2}], "comment": "So\n gut"},
            "Answered nps 9 on 0–10, expectation −2 on −2–2: “So gut”.",
        ),
        ("feedback", {"answers": [{"metric": "mood", "score": 3.5, "scale": [0, 10]}]}, "Answered mood 3.5 on 0–10."),
        ("feedback", {"answers": [{"metric": "mood", "score": 3.5}]}, "Answered mood 3.5."),
        ("feedback", {"answers": [{"metric": "csat", "score": 3, "scale": [0, 9]}]}, "Answered csat 3."),
        ("feedback", {"comment": "Danke."}, "Said “Danke.”."),
        ("feedback", {"comment": " "}, "Gave no answer."),
        ("outcome", {"kind": "churned", "reason": "price"}, "Churned, because of price."),
        ("outcome", {"kind": "purchased", "amount": 49.9, "currency": "EUR"}, "Purchased, 49.9 EUR."),
        ("outcome", {"kind": "referred", "amount": 0}, "Referred, 0."),
        ("profile", {}, "A profile that says nothing."),
        ("profile", {"deleted": True, "identifiers": ["crm:1"]}, "Asked to be forgotten."),
        (
            "profile",
            {"identifiers": ["crm:1"], "attributes": {"plan": "gold", "city": "Ulm"}},
            "Profile with identifiers crm:1; attributes plan, city.",
        ),
        (
            "promise-missed",
            {"due_at": "2026-05-03T22:00:00+02:00", "journey": "order-to-door"},
            "The promise was not kept by 2026-05-03 20:00 UTC.",
        ),
        (
            "persona-reviewed",
            {"programme": 2, "persona": "planner", "previous": "newcomer"},
            "By version 2 of the programme the persona is planner, no longer newcomer.",
        ),
        (
            "persona-reviewed",
            {"programme": 3, "persona": "planner", "previous": "planner"},
            "By version 3 of the programme the persona is planner, as before.",
        ),
        ("unheard-of", {"a": 1}, "An event of type voc.unheard-of."),
        ("interaction", "no object", "An event of type voc.interaction."),
    ],
)
def test_what_is_said(kind: str, data: Any, expected: str) -> None:
    assert said(kind, data) == expected


@pytest.mark.parametrize("event", [b"", b"null", b"{}", b"\xff", b'{"data":'])
def test_what_cannot_be_read_is_named_by_its_type(event: bytes) -> None:
    assert summary("voc.feedback", event) == "An event of type voc.feedback."


def test_long_words_are_cut() -> None:
    cut = said("feedback", {"comment": "ä" * 5000})
    assert cut.endswith("ä…”.")
    assert len(cut) < LONGEST
    assert len(said("interaction", {"action": "a" * 255, "channel": "b" * 255})) == LONGEST


@given(events())
def test_every_event_has_a_sentence_in_one_line(event: dict[str, Any]) -> None:
    sentence = summary(event["type"], msgspec.json.encode(event))
    assert sentence == " ".join(sentence.split())
    assert 2 < len(sentence) <= LONGEST
    assert not sentence.startswith("An event of type")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (0.25, "0.25 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min 59 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (86_400, "1 d"),
        (273_600, "3 d 4 h"),
    ],
)
def test_durations(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


@given(st.floats(0, 3_155_760_000))
def test_every_duration_is_written(seconds: float) -> None:
    assert duration(seconds)[0].isdigit()
