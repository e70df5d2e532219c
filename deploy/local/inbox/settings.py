"""The inbox's settings, from the environment."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from shared.errors import VocError

PORT, SMTP_PORT = 8090, 8091
ALERTS_PORT, INSIGHTS_PORT = 8081, 8082
TOKEN = "VOC_SLACK_TOKEN"
LOOK = "/look"
"""Below it are the pages that links in messages lead to."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`folder` is where messages are kept, `keys` where the stack's own keys are. `channels` None: every well-formed
    name exists; else only these."""

    folder: Path
    keys: Path
    token: str
    port: int = PORT
    smtp_port: int = SMTP_PORT
    insights_port: int = INSIGHTS_PORT
    alerts_port: int = ALERTS_PORT
    channels: frozenset[str] | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises VocError for what cannot be used."""
        if not environ.get(TOKEN):
            raise VocError(f"The inbox needs {TOKEN}: the token that it lets in.")
        named, home = environ.get("VOC_INBOX_CHANNELS"), Path(environ.get("VOC_HOME") or ".voc")
        return cls(
            folder=home / "inbox",
            keys=home / "keys",
            token=environ[TOKEN],
            port=port(environ, "VOC_INBOX_PORT", PORT),
            smtp_port=port(environ, "VOC_INBOX_SMTP_PORT", SMTP_PORT),
            insights_port=port(environ, "VOC_INSIGHTS_PORT", INSIGHTS_PORT),
            alerts_port=port(environ, "VOC_ALERTS_PORT", ALERTS_PORT),
            channels=frozenset(name.strip().lstrip("#") for name in named.split(",")) if named else None,
        )


def port(environ: Mapping[str, str], variable: str, default: int) -> int:
    """Raises VocError for a port that is none."""
    given = environ.get(variable) or str(default)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise VocError(f"{variable} is {given!r}; a port is a number from 1 to 65535.")
    return int(given)
