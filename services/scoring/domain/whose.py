"""Whose experience it is that somebody tells of: a customer's, an employee's or a partner's. The three never merge."""

CUSTOMER = "customer"


def customers_own(perspective: str | None) -> bool:
    """Whether it is a customer's own; so it is where nobody says whose."""
    return perspective is None or perspective == CUSTOMER
