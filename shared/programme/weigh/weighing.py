"""A programme's personas, compiled once a version."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from shared.programme.model import Persona
from shared.programme.weigh.feature_value import value_of
from shared.programme.weigh.features import Features
from shared.programme.weigh.membership import membership
from shared.programme.weigh.rating_code import compiled

Reasons = list[tuple[str, Any, float, float]]
"""(feature, value, weight, contribution) of each signal; a feature that is not known has no value and contributes 0."""


class Evidence(NamedTuple):
    """P8: the reasons, and a hash of every feature that the rules look at: whether two decisions saw the same."""

    reasons: Reasons
    snapshot: str


class Weighing:
    """Personas without signals hold by default only, so they are not weighed.

    `ratings(customer, at)` are those of the others, at every event; evidence is asked for where a decision changes
    something.
    """

    def __init__(self, personas: Sequence[Persona]) -> None:
        self.weighed = tuple(persona for persona in personas if persona.signals)
        asked = [c.feature for p in self.weighed for c in (*p.must, *p.must_not, *(s.condition for s in p.signals))]
        self.features = tuple(dict.fromkeys(asked))
        self.ratings = compiled(self.weighed)
        self._values = tuple(value_of(name) for name in self.features)
        self._signals = {
            persona.persona: [
                (self.features.index(s.condition.feature), membership(s.condition), s.weight) for s in persona.signals
            ]
            for persona in self.weighed
        }

    def evidence(self, persona: str, customer: Features, at: datetime) -> Evidence:
        """What speaks for a persona at an instant, signal by signal, with the value that each was judged by."""
        values = [value(customer, at) for value in self._values]
        snapshot = blake2b(msgspec.json.encode(values), digest_size=8).hexdigest()
        signals = self._signals.get(persona, ())
        available = sum(weight for place, _, weight in signals if values[place] is not None)
        reasons = [
            (
                self.features[place],
                values[place],
                weight,
                0.0 if values[place] is None else weight * inside(values[place]) / available,
            )
            for place, inside, weight in signals
        ]
        return Evidence(reasons, snapshot)
