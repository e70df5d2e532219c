"""Keys that tests come through the doors with."""

from shared.http.keys import Scope, digest, new_key
from tests.road import fetch


async def make_key(database_url: str, scope: Scope) -> str:
    """A new key of that scope, as `voc key create` makes it; the schema `voc` is there."""
    key = new_key()
    statement = "insert into voc.keys (name, scope, digest) values ($1, $2, $3)"
    await fetch(database_url, statement, f"tests-{scope}-{key[-6:]}", scope, digest(key))
    return key
