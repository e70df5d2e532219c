"""A programme's personas, compiled once a version: every feature is read once an evaluation, however many rules ask.

On the path of every event, so loops are plain.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.scoring.domain.feature_value import value_of
from services.scoring.domain.hysteresis import Rating
from services.scoring.domain.membership import holds, membership
from services.scoring.domain.state import Customer
from shared.events.told.persona import Reason
from shared.programme.model import Persona

Values = Sequence[Any]
"""What each feature is worth, in the order of `Weighing.features`; None where it is unavailable."""


class _Weighed(NamedTuple):
    """A persona with signals. Features by their places in `Weighing.features`."""

    persona: str
    priority: int
    gates: tuple[tuple[int, Any, bool], ...]
    signals: tuple[tuple[int, Any, float], ...]
    weight: float


class Weighing:
    """Personas without signals hold by default only, so they are not weighed."""

    def __init__(self, personas: Sequence[Persona]) -> None:
        weighed = [persona for persona in personas if persona.signals]
        asked = [c.feature for p in weighed for c in (*p.must, *p.must_not, *(s.condition for s in p.signals))]
        self.features = tuple(dict.fromkeys(asked))
        self._values = tuple(value_of(name) for name in self.features)
        self._personas = tuple(self._compile(persona) for persona in weighed)

    def _compile(self, persona: Persona) -> _Weighed:
        place = self.features.index
        return _Weighed(
            persona.persona,
            persona.priority,
            tuple((place(c.feature), holds(c), True) for c in persona.must)
            + tuple((place(c.feature), holds(c), False) for c in persona.must_not),
            tuple((place(s.condition.feature), membership(s.condition), s.weight) for s in persona.signals),
            sum(signal.weight for signal in persona.signals),
        )

    def values(self, customer: Customer, at: datetime) -> Values:
        """Every feature that a rule names, at an instant."""
        return [value(customer, at) for value in self._values]

    def ratings(self, values: Values) -> list[Rating]:
        """P2 for each persona: a feature that is unavailable says nothing, neither for nor against it. Of gates, `must`
        is not met by what is not known, and `must_not` does not fail by it."""
        found = []
        for name, priority, gates, signals, weight in self._personas:
            excluded = False
            for place, true_of, wanted in gates:
                value = values[place]
                if (value is not None and true_of(value)) is not wanted:
                    excluded = True
                    break
            share = available = 0.0
            for place, inside, own in signals:
                value = values[place]
                if value is not None:
                    available += own
                    share += own * inside(value)
            score = share / available if available else 0.0
            found.append(Rating(name, priority, score, available / weight, excluded))
        return found

    def reasons(self, persona: str, values: Values) -> tuple[Reason, ...]:
        """P8: what each signal of a persona contributes to its score, with the value that it was judged by."""
        signals = next((p.signals for p in self._personas if p.persona == persona), ())
        available = sum(weight for place, _, weight in signals if values[place] is not None)
        return tuple(
            Reason(
                feature=self.features[place],
                value=values[place],
                weight=weight,
                contribution=0.0 if values[place] is None else weight * inside(values[place]) / available,
            )
            for place, inside, weight in signals
        )
