"""A console whose tables are not cut where nobody looks at them: what is piped or copied has to be whole."""

from rich.console import Console

PIPED = 400  # columns


def console() -> Console:
    """As wide as the terminal; piped, as wide as the table is."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=PIPED)
