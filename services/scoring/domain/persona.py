"""Which persona a customer is. So far the programme's default for everybody known, `none` for nobody."""

from datetime import datetime

from services.scoring.domain.rules import Rules
from services.scoring.domain.state import Customer


def decide(customer: Customer, rules: Rules, at: datetime) -> None:
    """Set the customer's persona as the rules of `at` have it; `since` moves only when it changes."""
    if customer.persona != rules.default_persona:
        customer.persona, customer.since = rules.default_persona, at
