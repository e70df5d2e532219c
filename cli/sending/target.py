"""Which door, and by which key."""

import asyncio
import os

from cli.sending.door import NotTaken
from cli.stack_home import there
from deploy.local.part import PARTS
from shared.http.keys import Scope


def door_of(url: str | None) -> tuple[str, bool]:
    """The door's address, and whether it is the local stack's: --url, else VOC_INGEST_URL, else that."""
    local = f"http://127.0.0.1:{PARTS['ingest'].port_in(os.environ)}"
    found = (url or os.environ.get("VOC_INGEST_URL") or local).rstrip("/")
    return found, found == local


def key_of(key: str | None, *, local: bool, scope: Scope = "ingest") -> str:
    """--key, else VOC_KEY, else the local stack's own. Raises NotTaken, and Unavailable without its database."""
    found = key or os.environ.get("VOC_KEY")
    if found:
        return found
    if not local:
        raise NotTaken(
            "This door wants a key: give one by VOC_KEY or --key;"
            f" `voc key create --name NAME --scope {scope}` makes one."
        )
    from cli.local_key import local_key

    return asyncio.run(local_key(there(), scope))
