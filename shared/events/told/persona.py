"""`voc.persona`: a customer's persona or treatment has changed (topic voc.personas, key: the customer)."""

from datetime import datetime
from typing import Any

import msgspec


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of the persona: the feature's value that it was judged by (None: not known), its weight, and its
    contribution to the score (domain.md P8: w·m/Σw over what is known)."""

    feature: str
    value: Any = None
    weight: float
    contribution: float


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """How customers of the persona are to be handled."""

    strategy: str
    do: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


class PersonaChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The customer's persona since `since`. `score`, `coverage` and `confidence` are 0…1; `previous` is None at first,
    and the persona itself where only its treatment has changed.

    `treatment_skipped`: the persona has a treatment, but it needs more confidence than there is (domain.md P5).
    `programme` is the version of the rules that decided, `margin` the distance to the best other persona, `snapshot` a
    hash of all features that were looked at (domain.md P8).
    """

    customer: str
    persona: str
    name: str
    since: datetime
    previous: str | None = None
    score: float
    coverage: float
    margin: float | None = None
    confidence: float
    reasons: tuple[Reason, ...] = ()
    treatment: Treatment | None = None
    treatment_skipped: bool = False
    programme: int
    snapshot: str | None = None
