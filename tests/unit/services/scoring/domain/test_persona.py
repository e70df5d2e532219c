"""Personas as decided by events: the same as a second, plain implementation says, and told whenever they change."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events.told.envelope import Told
from shared.events.told.persona import PersonaChanged
from shared.events.told.persona import Treatment as ToldTreatment
from shared.programme.model import Condition, Persona, Programme, Signal, Treatment
from tests.histories import BEGIN
from tests.personas import PERSONAS, SORTED, WRITTEN
from tests.programmes import RETAIL
from tests.unit.services.scoring import plain_persona
from tests.unit.services.scoring.documents import document
from tests.unit.services.scoring.memory import Memory

HOUR, DAY = 60, 24 * 60
ANA = "customer:ana"
WEBBY = Persona(
    persona="webby",
    name="Webby",
    priority=1,
    signals=(Signal(condition=Condition(feature="share_of_channel.web", at_least=0.5)),),
)


@st.composite
def lives(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What one customer does in five days, in an order that is not quite that of time."""
    return [draw(_event(f"e{number}")) for number in range(draw(st.integers(1, 14)))]


@st.composite
def _event(draw: st.DrawFn, name: str) -> dict[str, Any]:
    minutes = draw(st.integers(0, 5 * DAY))
    at = BEGIN + timedelta(minutes=minutes)
    if draw(st.integers(0, 2)) == 0:
        answer = draw(
            st.one_of(
                st.builds(lambda score: {"metric": "nps", "score": score}, st.integers(0, 10)),
                st.builds(lambda score: {"metric": "csat", "score": score}, st.integers(1, 5)),
            )
        )
        return document(name, "feedback", minutes, answers=[answer], channel=draw(st.sampled_from(["web", "email"])))
    action = draw(st.sampled_from(["placed", "placed", "delivered", "chatted"]))
    data = {"action": action, "channel": draw(st.sampled_from(["web", "courier"]))}
    if action != "chatted":
        data |= {"journey": "order-to-door", "instance": draw(st.sampled_from("123"))}
    if action == "placed":
        data |= {"promised_at": (at + timedelta(hours=draw(st.integers(1, 60)))).isoformat()}
    return document(name, "interaction", minutes, **data)


@settings(max_examples=400, deadline=None)
@given(life=lives(), pieces=st.integers(1, 14))
def test_a_second_plain_implementation_decides_the_same(life: list[dict[str, Any]], pieces: int) -> None:
    expected = plain_persona.decisions(life, WRITTEN)
    memory = Memory(SORTED)
    for begin in range(0, len(life), pieces):
        memory.fold(life[begin : begin + pieces], BEGIN + timedelta(days=365))
    changes = [
        now for before, now in zip([("", 0.0, 0.0, 0.0), *expected], expected, strict=False) if before[0] != now[0]
    ]
    told = changes_of(memory)
    assert [one.persona for one in told] == [persona for persona, *_ in changes]
    for one, (_, *numbers) in zip(told, changes, strict=True):
        assert [one.score, one.coverage, one.confidence] == pytest.approx(numbers)
    assert memory.state()["customers"][ANA]["persona"] == expected[-1][0]


def test_what_is_told_has_the_reasons_and_the_values_that_decided() -> None:
    memory = Memory(SORTED)
    placed = {"action": "placed", "channel": "web"}
    memory.fold([document("a", "interaction", 0, **placed), document("b", "interaction", 2 * DAY, **placed)], BEGIN)
    first, second = (telling for telling in memory.told if isinstance(telling.data, PersonaChanged))
    assert isinstance(first.data, PersonaChanged)
    assert (first.data.persona, first.data.previous, first.sequence) == ("everyday", None, 1)
    assert first.data.treatment is not None
    assert first.data.treatment.strategy == "Simply"
    assert isinstance(second.data, PersonaChanged)
    assert (second.id, second.subject, second.sequence) == (f"persona 2 of {ANA}", ANA, 2)
    assert second.time == second.data.since == BEGIN + timedelta(days=2)
    assert (second.data.persona, second.data.name, second.data.previous) == ("planner", "The planner", "everyday")
    said = [(r.feature, r.value, r.weight, r.contribution) for r in second.data.reasons]
    assert said == [("share_of_channel.web", 1.0, 2, 0.4), ("tenure_days", 2.0, 3, 0.6)]
    assert sum(reason.contribution for reason in second.data.reasons) == second.data.score == 1.0


def test_a_feature_that_is_not_known_is_among_the_reasons_without_a_value() -> None:
    memory = Memory(SORTED)
    memory.fold([document(f"p{n}", "interaction", n, action="placed", channel="courier") for n in (0, 1)], BEGIN)
    reasons = {reason.feature: (reason.value, reason.contribution) for reason in changes_of(memory)[-1].reasons}
    assert reasons["days_since.delivered"] == (None, 0)


def test_the_same_events_tell_the_same_by_the_same_ids() -> None:
    life = [document(f"e{n}", "interaction", n * DAY, action="placed", channel="web") for n in range(4)]
    one, other = Memory(SORTED), Memory(SORTED)
    one.fold(life, BEGIN)
    for event in life:
        other.fold([event, event], BEGIN)
    assert one.told == other.told != []


def test_an_answer_counts_with_the_persona_that_it_makes_and_a_promise_with_the_one_it_was_given_to() -> None:
    due = (BEGIN + timedelta(hours=1)).isoformat()
    order = {"journey": "order-to-door", "instance": "1"}
    memory = Memory(SORTED)
    memory.fold(
        [
            document("a", "interaction", 0, **order, action="placed", promised_at=due),
            document("b", "interaction", 1, action="chatted"),
            document("c", "interaction", 2 * HOUR, **order, action="delivered"),
            document("d", "feedback", 3 * HOUR, **order, touchpoint="parcel-arrives", answers=[nps(0)]),
        ],
        BEGIN,
    )
    counted = {cell[3]: cell[5] for cell, n in memory.counts.items() if n}
    assert counted["promise_kept"] == "everyday"
    assert counted["nps"] == "let-down"


def test_a_programme_without_signals_tells_its_default_once() -> None:
    memory = Memory(RETAIL)
    memory.fold([document(f"e{n}", "interaction", n, action="placed") for n in range(5)], BEGIN)
    (only,) = changes_of(memory)
    assert (only.persona, only.score, only.reasons, only.previous) == ("everyday", 0, (), None)


def test_nobody_is_told_of_a_customer_who_never_was_anything() -> None:
    memory = Memory(msgspec.structs.replace(RETAIL, personas=()))
    memory.fold([document("e", "interaction", 0, action="placed")], BEGIN)
    assert changes_of(memory) == []
    assert memory.state()["customers"][ANA]["persona"] == "unassigned"


def test_another_treatment_of_the_same_persona_is_told_and_moves_no_date() -> None:
    kinder = msgspec.structs.replace(PERSONAS[-1], treatment=Treatment(strategy="Kindly"))
    memory = versions((timedelta(hours=1), msgspec.structs.replace(RETAIL, personas=(*PERSONAS[:-1], kinder))))
    memory.fold([document(f"e{n}", "interaction", n * HOUR, action="danced") for n in range(3)], BEGIN)
    first, second = changes_of(memory)
    assert (second.persona, second.previous, second.since, second.programme) == ("everyday", "everyday", first.since, 2)
    assert second.treatment is not None
    assert second.treatment.strategy == "Kindly"


def test_a_treatment_that_needs_confidence_is_skipped_without_and_told_as_soon_as_there_is_enough() -> None:
    careful = Treatment(strategy="Offer the yearly plan", needs_confidence=True)
    memory = Memory(cautious(careful))
    memory.fold([document("a", "interaction", 0, action="placed", channel="web")], BEGIN)
    memory.fold([document("b", "interaction", 1, action="placed", channel="web")], BEGIN)
    memory.fold([document("c", "interaction", 2, action="placed", channel="phone")], BEGIN)
    told = [(one.persona, one.confidence >= 0.3, one.treatment, one.treatment_skipped) for one in changes_of(memory)]
    as_told = ToldTreatment(strategy="Offer the yearly plan")
    assert told == [("webby", True, as_told, False), ("webby", False, None, True)]
    memory.fold([document("d", "interaction", 3, action="placed", channel="web")], BEGIN)
    assert [one.treatment for one in changes_of(memory)][2:] == [as_told]
    assert {one.since for one in changes_of(memory)} == {BEGIN}


def cautious(treatment: Treatment) -> Programme:
    """Webby is who is on the web; a caller, half as likely, who phones."""
    webby = msgspec.structs.replace(WEBBY, treatment=treatment)
    caller = Persona(
        persona="caller",
        name="Caller",
        priority=2,
        signals=(Signal(condition=Condition(feature="share_of_channel.phone", start=0.0, end=0.35)),),
    )
    return msgspec.structs.replace(RETAIL, personas=(webby, caller))


def test_an_incumbent_that_is_in_no_rules_any_more_is_none() -> None:
    memory = versions((timedelta(days=3), msgspec.structs.replace(RETAIL, personas=(WEBBY,))))
    memory.fold(
        [document(f"e{n}", "interaction", n * 2 * DAY, action="placed", channel="web") for n in range(3)], BEGIN
    )
    assert [one.persona for one in changes_of(memory)] == ["everyday", "planner", "webby"]


def test_an_event_that_comes_late_brings_back_no_persona_that_was_replaced() -> None:
    web = {"action": "placed", "channel": "web"}
    memory = versions((timedelta(days=3), msgspec.structs.replace(RETAIL, personas=(WEBBY,))))
    memory.fold([document("a", "interaction", 0, **web), document("b", "interaction", 5 * DAY, **web)], BEGIN)
    memory.fold([document("late", "interaction", 2 * DAY, **web)], BEGIN)
    kept = memory.state()["customers"][ANA]
    assert [one.persona for one in changes_of(memory)] == ["everyday", "webby"]
    assert (kept["persona"], kept["since"], kept["decided"][1]) == ("webby", "2026-04-02T12:00:00Z", 2)


def test_what_comes_late_counts_in_a_decision_of_now() -> None:
    memory = Memory(SORTED)
    memory.fold([document(f"p{n}", "interaction", n, action="chatted", channel="phone") for n in (DAY, 3 * DAY)], BEGIN)
    memory.fold([document("late", "feedback", 2 * DAY, answers=[nps(0)])], BEGIN)
    last = changes_of(memory)[-1]
    assert (last.persona, last.since) == ("let-down", BEGIN + timedelta(days=3))


def test_a_version_that_changes_nothing_for_a_customer_is_not_told() -> None:
    memory = versions((timedelta(days=3), SORTED))
    memory.fold(
        [document(f"e{n}", "interaction", n * 2 * DAY, action="placed", channel="web") for n in range(3)], BEGIN
    )
    assert [one.persona for one in changes_of(memory)] == ["everyday", "planner"]
    assert memory.state()["customers"][ANA]["decided"][1] == 2


def test_a_row_of_before_there_were_rules_is_decided_at_the_next_event() -> None:
    old: dict[str, Any] = {"first_at": "2026-01-01T00:00:00Z", "last_at": "2026-01-01T00:00:00Z", "persona": "everyday"}
    old |= {"since": "2026-01-01T00:00:00Z", "channels": {"web": 3}, "reasons": []}
    memory = Memory(SORTED)
    memory._kept["customers"][ANA] = msgspec.json.encode(old)
    memory.fold([document("e", "interaction", 0, action="danced", channel="web")], BEGIN)
    (told,) = changes_of(memory)
    assert (told.persona, told.previous) == ("planner", None)


def nps(score: int) -> dict[str, Any]:
    return {"metric": "nps", "score": score}


def versions(*later: tuple[timedelta, Programme]) -> Memory:
    return Memory(SORTED, *((BEGIN + after, programme) for after, programme in later))


def changes_of(memory: Memory) -> list[PersonaChanged]:
    told: list[Told] = [telling.data for telling in memory.told]
    return [data for data in told if isinstance(data, PersonaChanged)]
