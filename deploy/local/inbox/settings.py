"""The inbox's settings, from the environment."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from shared.errors import VocError

PORT, SMTP_PORT = 8090, 8091
TOKEN = "VOC_SLACK_TOKEN"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`folder` is where messages are kept. `channels` None: every well-formed name exists; else only these."""

    folder: Path
    token: str
    port: int = PORT
    smtp_port: int = SMTP_PORT
    channels: frozenset[str] | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises VocError for what cannot be used."""
        if not environ.get(TOKEN):
            raise VocError(f"The inbox needs {TOKEN}: the token that it lets in.")
        named = environ.get("VOC_INBOX_CHANNELS")
        return cls(
            folder=Path(environ.get("VOC_HOME") or ".voc") / "inbox",
            token=environ[TOKEN],
            port=port(environ, "VOC_INBOX_PORT", PORT),
            smtp_port=port(environ, "VOC_INBOX_SMTP_PORT", SMTP_PORT),
            channels=frozenset(name.strip().lstrip("#") for name in named.split(",")) if named else None,
        )


def port(environ: Mapping[str, str], variable: str, default: int) -> int:
    """Raises VocError for a port that is none."""
    given = environ.get(variable) or str(default)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise VocError(f"{variable} is {given!r}; a port is a number from 1 to 65535.")
    return int(given)
