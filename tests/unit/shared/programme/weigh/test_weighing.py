"""Scores, coverage and reasons: the worked example V19 of tests/golden/vectors.json, and gates."""

from typing import Any

import pytest

from shared.programme.model import Condition, Persona, Signal
from shared.programme.weigh.rating import confidence
from shared.programme.weigh.weighing import Weighing
from tests.histories import BEGIN
from tests.unit.shared.programme.weigh.vector import V19, by_name, known, of_vector


def test_the_vectors_scores_margin_and_confidence() -> None:
    ratings = by_name(*of_vector())
    for name, expected in V19["expected"]["scores"].items():
        assert ratings[name].score == pytest.approx(expected["score"], abs=V19["tolerance"])
        assert ratings[name].coverage == pytest.approx(expected["coverage"], abs=V19["tolerance"])
    margin, sure = confidence(list(ratings.values()), "A")
    assert margin == pytest.approx(V19["expected"]["margin"], abs=V19["tolerance"])
    assert sure == pytest.approx(V19["expected"]["confidence"], abs=V19["tolerance"])


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
