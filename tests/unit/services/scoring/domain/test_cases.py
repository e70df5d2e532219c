"""Cases: opened once, for fresh answers and broken promises, by the rule that is about the place."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import msgspec

from shared.events.told.case import CaseOpened
from shared.programme.model import CaseRule, Condition, Persona, PromiseMissed, ScoreIs, Signal, Treatment
from tests.histories import BEGIN
from tests.personas import CASES, SORTED
from tests.unit.services.scoring.documents import document, part
from tests.unit.services.scoring.memory import Memory

HOUR = 60
ORDER = {"journey": "order-to-door", "instance": "1"}
ARRIVES = ORDER | {"touchpoint": "parcel-arrives"}


def csat(score: int, **more: Any) -> list[dict[str, Any]]:
    return [{"metric": "csat", "score": score, **more}]


def opened(*documents: dict[str, Any], late: timedelta = timedelta(), memory: Memory | None = None) -> list[CaseOpened]:
    """What is opened by events folded one by one, each received so late."""
    memory = memory or Memory(SORTED)
    for one in documents:
        memory.fold([one], datetime.fromisoformat(one["time"]) + late)
    return cases_of(memory)


def cases_of(memory: Memory) -> list[CaseOpened]:
    return [telling.data for telling in memory.told if isinstance(telling.data, CaseOpened)]


def test_a_severe_answer_opens_a_case_that_says_all_its_owner_needs() -> None:
    answer = document("f", "feedback", 5, **ARRIVES, answers=csat(1), comment="Broken <b>box</b>")
    (case,) = opened(answer)
    assert msgspec.to_builtins(case) == {
        "case": case.case,
        "rule": "very unhappy with a delivery",
        "customer": "customer:ana",
        "persona": "everyday",
        "treatment": {"strategy": "Simply", "do": (), "avoid": ()},
        "owner": "delivery",
        "journey": "order-to-door",
        "journey_name": "From order to door",
        "touchpoint": "parcel-arrives",
        "touchpoint_name": "The parcel arrives",
        "instance": "1",
        "happened_at": "2026-03-28T12:05:00Z",
        "metric": "csat",
        "score": 1,
        "scale_low": 1,
        "scale_high": 5,
        "comment": "Broken <b>box</b>",
        "promise": None,
        "due_at": None,
        "source": "urn:shop",
        "event": "f",
        "reply_within": None,
        "business": False,
        "programme": 1,
    }


def test_a_rule_without_a_place_is_about_what_is_on_no_map_too() -> None:
    (case,) = opened(document("f", "feedback", 0, answers=[{"metric": "nps", "score": 3}]))
    assert (case.rule, case.journey, case.reply_within, case.business) == ("would warn others", None, 28_800, True)


def test_a_rule_of_another_place_is_not_about_it() -> None:
    elsewhere = [{"touchpoint": "order-placed"}, {"touchpoint": "chat"}, {}]
    assert (
        opened(*(document(f"f{n}", "feedback", n, **where, answers=csat(1)) for n, where in enumerate(elsewhere))) == []
    )


def test_a_better_answer_and_one_on_another_scale_open_none() -> None:
    better = document("a", "feedback", 0, **ARRIVES, answers=[*csat(2), {"metric": "nps", "score": 4}])
    assert opened(better, document("b", "feedback", 0, **ARRIVES, answers=csat(1, scale=[1, 7]))) == []


def test_a_treatment_that_needs_more_confidence_than_there_is_is_no_case_owners_either() -> None:
    careful = Treatment(strategy="Offer the yearly plan", needs_confidence=True)
    signal = Signal(condition=Condition(feature="count.danced", at_least=0))
    twins = tuple(
        Persona(persona=name, name=name, priority=1, signals=(signal,), treatment=careful) for name in ("a", "b")
    )
    memory = Memory(msgspec.structs.replace(SORTED, personas=twins))
    (case,) = opened(document("f", "feedback", 5, **ARRIVES, answers=csat(1)), memory=memory)
    assert (case.persona, case.treatment) == ("a", None)


def test_nobody_and_an_employee_open_none() -> None:
    nobody = document("a", "feedback", 0, **ARRIVES, answers=csat(1))
    del nobody["subject"]
    assert opened(nobody, document("b", "feedback", 0, **ARRIVES, perspective="employee", answers=csat(1))) == []


def test_what_came_later_than_fresh_is_history() -> None:
    answer = document("f", "feedback", 0, **ARRIVES, answers=csat(1))
    assert len(opened(answer, late=timedelta(days=1))) == 1
    assert opened(answer, late=timedelta(days=1, microseconds=1)) == []


def test_every_rule_opens_its_own_and_one_of_an_answer_that_is_given_twice() -> None:
    twice = document("f", "feedback", 0, **ARRIVES, answers=[*csat(1), *csat(1), {"metric": "nps", "score": 0}])
    assert sorted(case.rule for case in opened(twice)) == ["very unhappy with a delivery", "would warn others"]


def test_a_response_in_parts_opens_one_whatever_its_later_parts_repeat_or_revise() -> None:
    parts = [
        part("a", 0, **ARRIVES, answers=csat(1)),
        part("b", 1, answers=csat(1), comment="Broken"),
        part("c", 2, answers=csat(5)),
        part("d", 3, answers=csat(1)),
    ]
    assert [case.event for case in opened(*parts)] == ["a"]


def test_it_is_opened_when_the_score_is_revised_or_the_place_is_known_at_last() -> None:
    assert [c.event for c in opened(part("a", 0, **ARRIVES, answers=csat(4)), part("b", 1, answers=csat(1)))] == ["b"]
    for order in permutations([part("a", 0, answers=csat(1)), part("b", 1, **ARRIVES)]):
        assert [case.event for case in opened(*order)] == ["a"]


def test_a_part_that_comes_late_and_does_not_stand_opens_none() -> None:
    assert opened(part("b", 1, **ARRIVES, answers=csat(5)), part("a", 0, **ARRIVES, answers=csat(1))) == []


def test_a_response_is_judged_by_all_that_its_parts_tell() -> None:
    severe = part("b", 1, answers=csat(1))
    assert opened(part("a", 0, **ARRIVES, perspective="employee"), severe) == []
    (case,) = opened(part("a", 0, **ARRIVES, comment="Broken"), severe)
    assert case.comment == "Broken"
    (last,) = opened(part("a", 0, **ARRIVES, comment="Fine"), part("c", 2, comment="Broken, I see now"), severe)
    assert last.comment == "Broken, I see now"


def test_a_case_of_a_response_is_the_same_however_its_parts_are_split() -> None:
    parts = [part("a", 0, **ARRIVES, answers=csat(1)), part("b", 1, comment="Broken")]
    together = Memory(SORTED)
    together.fold(parts, BEGIN)
    assert cases_of(together) == opened(*parts)


def placed(minutes: int, due_hours: float, **data: Any) -> dict[str, Any]:
    due = (BEGIN + timedelta(hours=due_hours)).isoformat()
    return document("placed", "interaction", minutes, **data, action="placed", promised_at=due)


def test_a_promise_whose_time_passes_opens_one_when_its_timer_fires() -> None:
    memory = Memory(SORTED)
    memory.fold([placed(0, 2, **ORDER)], BEGIN)
    assert cases_of(memory) == []
    memory.fire(BEGIN + timedelta(hours=3))
    (case,) = cases_of(memory)
    assert (case.rule, case.owner, case.promise) == ("still waiting", "care", "On the promised day")
    assert case.happened_at == case.due_at == BEGIN + timedelta(hours=2)
    assert (case.source, case.event, case.instance, case.score) == ("urn:shop", "placed", "1", None)
    delivered = document("late", "interaction", 4 * HOUR, **ORDER, action="delivered")
    assert opened(delivered, memory=memory) == [case]


def test_a_closing_that_comes_too_late_opens_one_before_the_timer_can() -> None:
    delivered = document("late", "interaction", 3 * HOUR, **ORDER, action="delivered")
    (case,) = opened(placed(0, 2, **ORDER), delivered)
    assert (case.rule, case.due_at) == ("still waiting", BEGIN + timedelta(hours=2))


def test_a_case_is_opened_when_its_cause_is_known_and_not_when_it_happened() -> None:
    night = timedelta(hours=9)
    memory = Memory(SORTED)
    answer = document("f", "feedback", 5, **ARRIVES, answers=csat(1))
    (case,) = opened(answer, late=night, memory=memory)
    memory.fold([placed(60, 12, **ORDER)], BEGIN)
    memory.fire(BEGIN + timedelta(hours=14))
    times = [telling.time for telling in memory.told if isinstance(telling.data, CaseOpened)]
    assert times == [case.happened_at + night, BEGIN + timedelta(hours=14)]


def test_a_promise_that_was_broken_long_ago_is_history() -> None:
    memory = Memory(SORTED)
    memory.fold([placed(0, 2, **ORDER)], BEGIN)
    memory.fire(BEGIN + timedelta(hours=2, days=1, microseconds=1))
    assert cases_of(memory) == []


def test_a_miss_that_is_taken_back_and_comes_again_opens_no_second_one() -> None:
    memory = Memory(SORTED)
    memory.fold([placed(0, 2, **ORDER)], BEGIN)
    memory.fire(BEGIN + timedelta(hours=3))
    kept = document("kept", "interaction", HOUR, **ORDER, action="delivered")
    earlier = placed(-HOUR, 0.5, **ORDER) | {"id": "first"}  # it was promised for sooner, and that was broken
    assert len(opened(kept, earlier, memory=memory)) == 1


def test_promises_without_an_instance_open_one_each() -> None:
    first, second = placed(0, 2), placed(1, 3) | {"id": "second"}
    memory = Memory(SORTED)
    memory.fold([first, second], BEGIN)
    memory.fire(BEGIN + timedelta(hours=4))
    memory.fire(BEGIN + timedelta(hours=5))
    assert sorted(case.event for case in cases_of(memory)) == ["placed", "second"]
    assert len({case.case for case in cases_of(memory)}) == 2


def test_a_programme_without_rules_opens_none() -> None:
    memory = Memory(msgspec.structs.replace(SORTED, cases=()))
    answer = document("f", "feedback", 0, **ARRIVES, answers=csat(1))
    delivered = document("late", "interaction", 3 * HOUR, **ORDER, action="delivered")
    assert opened(placed(0, 2, **ORDER), delivered, answer, memory=memory) == []


def test_a_metric_of_ones_own_is_compared_on_any_scale() -> None:
    rule = CaseRule(name="dirty", when=ScoreIs(metric="cleanliness", comparison="<=", value=2), owner="care")
    memory = Memory(msgspec.structs.replace(SORTED, cases=(*CASES, rule)))
    answer = {"metric": "cleanliness", "score": 1.5, "scale": [0, 10]}
    (case,) = opened(document("f", "feedback", 0, answers=[answer]), memory=memory)
    assert (case.rule, case.score, case.scale_high) == ("dirty", 1.5, 10)


def test_a_promise_to_employees_or_partners_opens_none() -> None:
    for perspective, cases in (("employee", 0), ("partner", 0), ("customer", 1)):
        journeys = [msgspec.structs.replace(journey, perspective=perspective) for journey in SORTED.journeys]
        everywhere = (CaseRule(name="late", when=PromiseMissed(), owner="delivery"),)
        memory = Memory(msgspec.structs.replace(SORTED, journeys=tuple(journeys), cases=everywhere))
        memory.fold([placed(0, 1, **ORDER)], BEGIN)
        memory.fire(BEGIN + timedelta(days=2))
        assert len(cases_of(memory)) == cases
