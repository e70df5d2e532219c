"""Which persona a customer is, and by which evidence (domain.md §5.1, P1–P8)."""

from collections.abc import Sequence
from datetime import datetime

from services.scoring.domain.arrival import Arrival, RulesAt
from services.scoring.domain.hysteresis import candidate, next_holder
from services.scoring.domain.ledger import Ledger, Telling
from services.scoring.domain.rules import UNASSIGNED, Rules
from services.scoring.domain.state import Customer, Decided, Pending
from shared.events.told.persona import PersonaChanged, Reason, Treatment
from shared.programme.weigh.rating import Rating, confidence, skips
from shared.programme.weigh.weighing import Evidence


def follow(ledger: Ledger, arrival: Arrival, customer: Customer, rules_at: RulesAt) -> None:
    """Evaluate a customer who has learnt from an event, at the time of the latest one: an event that comes late is
    known now, but brings back no persona, rules or treatment that have been replaced since."""
    name, at = arrival.event.customer, customer.last_at
    assert name is not None
    if customer.reviewed_at is not None:
        at = max(at, customer.reviewed_at)
        customer.reviewed_at = at if at > customer.last_at else None
    decide(ledger, name, customer, arrival.rules if at == arrival.stamp[0] else rules_at(at), at)


def behind(customer: Customer, rules: Rules) -> bool:
    """Whether personas, or what is told of them, are others by these rules than when the customer was decided."""
    return customer.decided.programme < rules.era.told


def decide(ledger: Ledger, name: str, customer: Customer, rules: Rules, at: datetime) -> None:
    """Evaluate a customer by the rules of `at`, an event's time; tell what changes.

    A persona that holds by default, or that the rules do not know any more, is no incumbent: the best one that
    qualifies takes its place at once. Nor is one that other rules decided: who stays for a while though another is
    ahead does so because behaviour wavers, and rules do not (ADR 0013). It has its say in a tie.
    """
    decided = customer.decided
    if (
        decided.programme == rules.version
        and decided.pending is None
        and customer.persona not in rules.cautious
        and rules.steady(customer, at, customer.persona if decided.won else None)
    ):
        return
    ratings: Sequence[Rating] = ()
    chosen: str | None = None
    pending: Pending | None = None
    if rules.weighing.features:
        ratings = rules.weighing.ratings(customer, at)
        holder = None
        if decided.won and decided.programme >= rules.era.judged:
            for rating in ratings:
                if rating.persona == customer.persona:
                    holder = rating
        best = candidate(ratings, customer.persona if decided.won else None)
        chosen, pending = next_holder(holder, best, decided.pending, at)
    persona, won = chosen or rules.default_persona, chosen is not None
    treated = rules.treated.get(persona, 0)
    if persona in rules.cautious and skips(rules.cautious[persona], confidence(ratings, persona)[1]):
        treated = -treated
    if (
        persona != customer.persona
        or won is not decided.won
        or treated != decided.treated
        or rules.version != decided.programme
    ):
        told = _told(customer, persona, treated)
        customer.decided = Decided(told, rules.version, treated, won, pending)
        _take_over(ledger, name, customer, persona, rules, ratings, at, previous=decided)
    elif pending != decided.pending:
        customer.decided = Decided(decided.told, rules.version, treated, won, pending)


def treatment_of(customer: Customer, persona: str, rules: Rules) -> Treatment | None:
    """How a customer is to be handled as this persona; not at all where its treatment needs more confidence than there
    is in the customer's own."""
    skipped = persona == customer.persona and customer.decided.treated < 0
    return None if skipped else rules.treatments.get(persona)


def _told(customer: Customer, persona: str, treated: int) -> int:
    """How often the customer's persona was told, with this time: if persona or treatment are others than were told. Of
    one who never was anybody there is nothing to tell."""
    decided = customer.decided
    if decided.told == 0:
        return int(persona != UNASSIGNED)
    return decided.told + (persona != customer.persona or treated != decided.treated)


def _take_over(
    ledger: Ledger,
    name: str,
    customer: Customer,
    persona: str,
    rules: Rules,
    ratings: Sequence[Rating],
    at: datetime,
    *,
    previous: Decided,
) -> None:
    """Let the persona hold the customer, and tell it by its evidence if it is to be told."""
    former = customer.persona
    if persona != former:
        customer.persona, customer.since = persona, at
    number = customer.decided.told
    if number != previous.told:
        own = next((rating for rating in ratings if rating.persona == persona), None)
        numbers = (own.score if own else 0.0, own.coverage if own else 0.0, *confidence(ratings, persona))
        evidence = rules.weighing.evidence(persona, customer, at)
        data = _changed(name, customer, former if previous.told else None, rules, numbers, evidence)
        ledger.told.append(Telling(data, f"persona {number} of {name}", name, at, number))


def _changed(
    name: str,
    customer: Customer,
    former: str | None,
    rules: Rules,
    numbers: tuple[float, float, float, float],
    evidence: Evidence,
) -> PersonaChanged:
    score, coverage, margin, sure = numbers
    return PersonaChanged(
        customer=name,
        persona=customer.persona,
        name=rules.persona_names.get(customer.persona, customer.persona),
        since=customer.since,
        previous=former,
        score=score,
        coverage=coverage,
        margin=margin,
        confidence=sure,
        reasons=tuple(
            Reason(feature=feature, value=value, weight=weight, contribution=contribution)
            for feature, value, weight, contribution in evidence.reasons
        ),
        treatment=treatment_of(customer, customer.persona, rules),
        treatment_skipped=customer.decided.treated < 0,
        programme=rules.version,
        snapshot=evidence.snapshot,
    )
