"""Why somebody is of a persona: by what is known now, by the rules that decided."""

from datetime import UTC, datetime, timedelta

from services.insights.domain import shapes
from services.insights.domain.reasons import Why, why
from services.insights.domain.record import Known
from shared.programme.history import History, Version
from shared.programme.model import Condition, Persona, Programme, Signal
from shared.programme.weigh.features import Action, Attribute, Features

FIRST = datetime(2026, 5, 1, tzinfo=UTC)
LAST = FIRST + timedelta(days=10)
STAMP = (FIRST, "urn:shop", "e")


def persona(name: str, **weights: float) -> Persona:
    ramp = Signal(condition=Condition(feature="tenure_days", start=0, end=20), weight=weights.get("tenure", 3))
    gold = Signal(condition=Condition(feature="attribute.tier", equals="gold"), weight=weights.get("gold", 1))
    return Persona(persona=name, name=name, priority=1, signals=(ramp, gold))


def version(number: int, *personas: Persona) -> Version:
    return Version(number, None, FIRST, "", Programme(name="x", timezone="UTC", personas=personas))


FEATURES = Features(FIRST, attributes={"tier": Attribute("gold", STAMP)}, actions={"placed": Action(1, FIRST)})
KNOWN = Known([], "steady", FIRST, LAST, 1, False, FEATURES)
RULES = History([version(1, persona("steady")), version(2, persona("steady", tenure=1, gold=9))])


def test_each_signal_has_its_value_at_the_last_event_and_its_share() -> None:
    found = why(KNOWN, RULES)
    assert found.reasons == [
        shapes.Reason(feature="tenure_days", value=10.0, weight=3, contribution=0.375),
        shapes.Reason(feature="attribute.tier", value="gold", weight=1, contribution=0.25),
    ]
    assert found.confidence == 1.0  # nobody else is in sight


def test_they_are_weighed_by_the_rules_that_decided_whichever_are_in_force() -> None:
    assert [reason.weight for reason in why(KNOWN._replace(programme=2), RULES).reasons] == [1, 9]


def test_who_is_close_behind_makes_it_less_sure() -> None:
    close = History([version(1, persona("steady"), persona("other", tenure=3.5, gold=1))])
    own, other = 2.5 / 4, 2.75 / 4.5
    assert abs(why(KNOWN, close).confidence - (own - other) / 0.2) < 1e-12


def test_of_one_who_is_nobody_there_is_nothing_to_say() -> None:
    assert why(KNOWN._replace(programme=None), RULES) == Why(0.0, [])
    assert why(KNOWN._replace(persona="unassigned"), RULES) == Why(0.0, [])
