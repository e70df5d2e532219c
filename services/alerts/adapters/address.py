"""Where the programme says `env:NAME`, the address stands in the environment."""

import os

from services.alerts.channels.channel import Refused

REFERENCE = "env:"


def resolved(address: str) -> str:
    """The address itself. Raises Refused where the environment does not have it."""
    if not address.startswith(REFERENCE):
        return address
    name = address.removeprefix(REFERENCE)
    found = os.environ.get(name)
    if not found:
        raise Refused(f"The address stands in the variable {name}, which alerts does not have: set it and start again.")
    return found
