"""How a persona stands at one evaluation, and how sure one is of it (domain.md P2, P5)."""

from collections.abc import Sequence

import msgspec

from shared.programme.model import Treatment

SURE = 0.2  # the margin of full confidence (P5)
LEAST_CONFIDENCE = 0.3  # below it treatments that need confidence are skipped (P5)
_EQUAL = 1e-9


class Rating(msgspec.Struct, frozen=True, gc=False):
    """How a persona stands at one evaluation. `excluded`: one of its gates failed."""

    persona: str
    priority: int
    score: float
    coverage: float
    excluded: bool


def confidence(ratings: Sequence[Rating], chosen: str) -> tuple[float, float]:
    """P5: the margin over the best other persona whose gates hold, and the confidence that it gives."""
    own = next((s for s in ratings if s.persona == chosen), None)
    if own is None:
        return 0.0, 0.0
    margin = own.score - max((s.score for s in ratings if s.persona != chosen and not s.excluded), default=0.0)
    return margin, own.coverage * max(0.0, min(1.0, margin / SURE))


def skips(treatment: Treatment | None, sure: float) -> bool:
    """P5: whether a persona's treatment is skipped for a customer of whom one is so sure."""
    return treatment is not None and treatment.needs_confidence and sure < LEAST_CONFIDENCE - _EQUAL
