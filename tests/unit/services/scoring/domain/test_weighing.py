"""Scores, coverage and reasons: the worked example V19 of tests/golden/vectors.json, and gates."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.scoring.domain.features import first_seen
from services.scoring.domain.hysteresis import Rating, candidate, confidence, next_holder
from services.scoring.domain.state import Attribute, Customer
from services.scoring.domain.weighing import Weighing
from shared.programme.model import Condition, Persona, Signal
from tests.histories import BEGIN

GOLDEN = Path(__file__).parents[4] / "golden" / "vectors.json"
V19 = next(v for v in json.loads(GOLDEN.read_text(encoding="utf-8")) if v["id"] == "V19")
RULE = re.compile(r"([\d.]+)\*(\w+)\((\w+)(?:,\{(\w+)\}|,([\d.]+),([\d.]+))?\)")


def signal(text: str) -> Signal:
    """`3*ramp_up(digital_share,.4,.9)` as a programme has it."""
    found = RULE.match(text)
    assert found is not None
    weight, kind, name, member, low, high = found.groups()
    words: dict[str, Any] = {"feature": f"attribute.{name}"}
    if kind == "in":
        words["one_of"] = (int(member) if member and member.isdigit() else member or "anything",)
    else:
        words["start"], words["end"] = (float(low), float(high))[:: 1 if kind == "ramp_up" else -1]
    return Signal(condition=Condition(**words), weight=float(weight))


def of_vector() -> tuple[Weighing, Customer]:
    personas = [
        Persona(persona=name, name=name, priority=place, signals=tuple(map(signal, rules)))
        for place, (name, rules) in enumerate(V19["input"]["personas"].items(), 1)
    ]
    return Weighing(personas), known(**V19["input"]["features"])


def known(**attributes: Any) -> Customer:
    customer = first_seen(BEGIN, "everyday")
    customer.attributes = {name: Attribute(value, (BEGIN, "s", "e")) for name, value in attributes.items()}
    return customer


def by_name(weighing: Weighing, customer: Customer) -> dict[str, Rating]:
    return {rating.persona: rating for rating in weighing.ratings(customer, BEGIN)}


def test_the_vectors_scores_margin_and_confidence() -> None:
    ratings = by_name(*of_vector())
    for name, expected in V19["expected"]["scores"].items():
        assert ratings[name].score == pytest.approx(expected["score"], abs=V19["tolerance"])
        assert ratings[name].coverage == pytest.approx(expected["coverage"], abs=V19["tolerance"])
    margin, sure = confidence(list(ratings.values()), "A")
    assert margin == pytest.approx(V19["expected"]["margin"], abs=V19["tolerance"])
    assert sure == pytest.approx(V19["expected"]["confidence"], abs=V19["tolerance"])


def test_the_vectors_decisions() -> None:
    ratings = by_name(*of_vector())
    best = candidate(list(ratings.values()), None)
    assert next_holder(None, best, None, BEGIN) == ("A", None)
    assert next_holder(ratings["B"], best, None, BEGIN) == ("B", None)
    first, pending = next_holder(ratings["C"], best, None, BEGIN)
    second, _ = next_holder(ratings["C"], best, pending, BEGIN + timedelta(hours=24))
    assert (first, second) == ("C", "A")


def test_reasons_add_up_to_the_score_and_say_what_was_not_known() -> None:
    weighing, customer = of_vector()
    reasons = weighing.evidence("A", customer, BEGIN).reasons
    assert [reason[:3] for reason in reasons] == [
        ("attribute.digital_share", 0.7, 3),
        ("attribute.contacts_90d", 2, 2),
        ("attribute.unknown_feature", None, 1),
    ]
    assert sum(contribution for *_, contribution in reasons) == pytest.approx(by_name(weighing, customer)["A"].score)


def test_nothing_known_is_no_score_and_no_coverage() -> None:
    weighing, _ = of_vector()
    assert {(s.score, s.coverage) for s in by_name(weighing, known()).values()} == {(0.0, 0.0)}


GOLD = Condition(feature="attribute.tier", equals="gold")


@pytest.mark.parametrize(
    ("gates", "tier", "excluded"),
    [
        ({"must": (GOLD,)}, "gold", False),
        ({"must": (GOLD,)}, "silver", True),
        ({"must": (GOLD,)}, None, True),  # what is not known meets no `must`
        ({"must_not": (GOLD,)}, "gold", True),
        ({"must_not": (GOLD,)}, "silver", False),
        ({"must_not": (GOLD,)}, None, False),  # and fails no `must_not`
        ({"must": (GOLD, Condition(feature="count.placed", at_least=1))}, "gold", True),
    ],
)
def test_gates_exclude(gates: dict[str, Any], tier: str | None, excluded: bool) -> None:
    one = Persona(persona="a", name="A", priority=1, signals=(Signal(condition=GOLD),), **gates)
    customer = known() if tier is None else known(tier=tier)
    assert by_name(Weighing([one]), customer)["a"].excluded is excluded


def test_a_persona_without_signals_is_not_weighed() -> None:
    assert by_name(Weighing([Persona(persona="a", name="A", priority=1, must=(GOLD,))]), known(tier="gold")) == {}
