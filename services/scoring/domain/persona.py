"""Which persona a customer is, and by which evidence (domain.md §5.1, P1–P8)."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

import msgspec

from services.scoring.domain.hysteresis import Rating, candidate, confidence, next_holder
from services.scoring.domain.ledger import Ledger, Telling
from services.scoring.domain.rules import UNASSIGNED, Rules
from services.scoring.domain.state import Customer
from services.scoring.domain.weighing import Values
from shared.events.told.persona import PersonaChanged, Reason


def decide(ledger: Ledger, name: str, customer: Customer, rules: Rules, at: datetime) -> None:
    """Evaluate a customer by the rules of `at`, the time of the customer's event; tell what changes.

    A persona that holds by default, or that the rules do not know any more, is no incumbent: the best one that
    qualifies takes its place at once.
    """
    weighing = rules.weighing
    values: Values = ()
    ratings: Sequence[Rating] = ()
    chosen = None
    if weighing.features:
        values = weighing.values(customer, at)
        ratings = weighing.ratings(values)
        holder = None
        if customer.won:
            holder = next((s for s in ratings if s.persona == customer.persona), None)
        best = candidate(ratings, holder.persona if holder else None)
        chosen, customer.pending = next_holder(holder, best, customer.pending, at)
    persona = chosen or rules.default_persona
    won = chosen is not None
    same = persona == customer.persona and won is customer.won and rules.version == customer.programme
    if not same or customer.treated != rules.treated.get(persona, 0):
        _take_over(ledger, name, customer, (persona, won), rules, (values, ratings), at)


def _take_over(
    ledger: Ledger,
    name: str,
    customer: Customer,
    chosen: tuple[str, bool],
    rules: Rules,
    weighed: tuple[Values, Sequence[Rating]],
    at: datetime,
) -> None:
    """Keep the evidence of a decision; tell it if persona or treatment are others than those that were told."""
    values, ratings = weighed
    former, treated = customer.persona, rules.treated.get(chosen[0], 0)
    persona, customer.won = chosen
    own = next((s for s in ratings if s.persona == persona), None)
    margin, customer.confidence = confidence(ratings, persona)
    customer.score, customer.coverage = (own.score, own.coverage) if own else (0.0, 0.0)
    reasons = rules.weighing.reasons(persona, values)
    customer.reasons = msgspec.Raw(msgspec.json.encode(reasons))
    customer.programme = rules.version
    if persona != former:
        customer.persona, customer.since = persona, at
    first = customer.told == 0
    changed = (first and persona != UNASSIGNED) or (not first and (persona != former or treated != customer.treated))
    customer.treated = treated
    if changed:
        customer.told += 1
        ledger.told.append(_telling(name, customer, None if first else former, rules, (values, reasons, margin), at))


def _telling(
    name: str,
    customer: Customer,
    former: str | None,
    rules: Rules,
    evidence: tuple[Values, tuple[Reason, ...], float],
    at: datetime,
) -> Telling:
    """`voc.persona`, by an id that is the same however often the same event is folded."""
    values, reasons, margin = evidence
    data = PersonaChanged(
        customer=name,
        persona=customer.persona,
        name=rules.persona_names.get(customer.persona, customer.persona),
        since=customer.since,
        previous=former,
        score=customer.score,
        coverage=customer.coverage,
        margin=margin,
        confidence=customer.confidence,
        reasons=reasons,
        treatment=rules.treatments.get(customer.persona),
        programme=rules.version,
        snapshot=_snapshot(rules.weighing.features, values),
    )
    return Telling(data, f"persona {customer.told} of {name}", name, at, customer.told)


def _snapshot(features: Sequence[str], values: Values) -> str:
    """P8: a hash of every feature that the rules looked at, to tell whether two decisions saw the same."""
    return blake2b(msgspec.json.encode(list(zip(features, values, strict=True))), digest_size=8).hexdigest()
