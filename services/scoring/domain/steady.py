"""Whether looking at a customer again changes nothing: most events only confirm who it is (domain.md §5.1, P3–P7).

Weighed in the same straight lines as ratings, and decided without making any: every event is looked at.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.scoring.domain.hysteresis import AHEAD, ENOUGH, EQUAL
from shared.programme.model import Persona
from shared.programme.weigh.features import Features
from shared.programme.weigh.rating_code import Text, compiled_to

Steady = Callable[[Features, datetime, str | None], bool]
"""(customer, at, the persona that holds as the best candidate, or None) → whether it holds on, with nothing pending
that was not so before. False where it must be looked at closely; that may still find no change."""


def steady(personas: Sequence[Persona]) -> Steady:
    """Compiled for these personas, which all have signals."""
    said: Steady = compiled_to(personas, _ending)
    return said


def _ending(text: Text, personas: Sequence[Persona]) -> list[str]:
    enough, ahead, equal = map(text.constant, (ENOUGH, AHEAD, EQUAL))
    lines = ["if holder is None:"]
    unfit = [f"(s{place} < {enough} or c{place} < {enough} or e{place})" for place in range(len(personas))]
    lines.append(f"    return {' and '.join(unfit) or 'True'}")
    for place, persona in enumerate(personas):
        others = [f"(s{o} < s{place} + {ahead} - {equal} or e{o})" for o in range(len(personas)) if o != place]
        lines.append(f"if holder == {text.constant(persona.persona)}:")
        lines.append(f"    return {' and '.join([f's{place} >= {enough} and not e{place}', *others])}")
    return [*lines, "return False"]
