"""Where the demo's services are."""

import os

from deploy.local.part import PARTS
from deploy.local.port import LOOPBACK


def address(part: str) -> str:
    """The address of a service of this stack."""
    return f"http://{LOOPBACK}:{PARTS[part].port_in(os.environ)}"
