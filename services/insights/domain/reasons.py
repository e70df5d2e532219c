"""Why a customer is of a persona: what speaks for it by what is known now (domain.md P2, P5, P8)."""

from typing import NamedTuple

from services.insights.domain import shapes
from services.insights.domain.record import Known
from shared.programme.history import History
from shared.programme.weigh.rating import confidence
from shared.programme.weigh.weighing import Reasons


class Why(NamedTuple):
    """How sure one is of the persona, and each signal with the value that it was judged by."""

    confidence: float
    reasons: list[shapes.Reason]


def why(known: Known, history: History) -> Why:
    """Weighed at the customer's last event, or the review after it, by the rules that decided (ADR 0012); nothing where
    nobody decided."""
    version = history.version(known.programme)
    if version is None:
        return Why(0.0, [])
    weighing = version.weighing
    ratings = weighing.ratings(known.features, known.weighed_at)
    evidence = weighing.evidence(known.persona, known.features, known.weighed_at)
    return Why(confidence(ratings, known.persona)[1], _shown(evidence.reasons))


def _shown(reasons: Reasons) -> list[shapes.Reason]:
    return [
        shapes.Reason(feature=feature, value=value, weight=weight, contribution=contribution)
        for feature, value, weight, contribution in reasons
    ]
