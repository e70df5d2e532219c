"""What the database's address says after its `?`: TLS, in libpq's words, and nothing else."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import URL

from shared.errors import VocError

MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")


def taken_from(url: URL) -> tuple[URL, dict[str, Any]]:
    """The address without its parameters, and asyncpg's arguments for them. Raises VocError for one it does not know.

    asyncpg reads libpq's parameters from an address only, so it gets one that has nothing else.
    """
    given = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    for name, value in given.items():
        if name != "sslmode" and name not in FILES:
            raise VocError(
                f"VOC_DATABASE_URL has the parameter {name}, which is not known: sslmode, {', '.join(FILES)} are."
            )
        if name in FILES and not Path(value).is_file():
            raise VocError(f"VOC_DATABASE_URL names {value} for {name}, and there is no such file.")
    mode = given.get("sslmode", "prefer")
    if mode not in MODES:
        raise VocError(f"VOC_DATABASE_URL has sslmode={mode}: it is one of {', '.join(MODES)}.")
    return url.set(query={}), {"dsn": f"postgresql://?{urlencode(given)}"} if given else {}
