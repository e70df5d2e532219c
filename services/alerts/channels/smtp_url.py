"""VOC_SMTP_URL: where mails go, and how that connection is made safe."""

from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from shared.errors import VocError

StartTls = Literal["offered", "demanded", "never"]
EXPECTED = (
    "VOC_SMTP_URL must read smtp://user:password@host:587 or smtps://user:password@host:465, without user and password "
    "where the server wants none; ?starttls=demanded or ?starttls=never may follow"
)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class SmtpServer(msgspec.Struct, frozen=True, kw_only=True):
    """`tls`: from the first byte (smtps). `start_tls`: upgraded when the server offers it, or else not used at all."""

    host: str
    port: int
    tls: bool = False
    start_tls: StartTls = "offered"
    user: str | None = None
    password: str | None = None

    @classmethod
    def read(cls, url: str) -> "SmtpServer":
        """Raises VocError with a sentence, without the password. A password leaves this machine only by TLS."""
        try:
            return _read(url)
        except ValueError as error:
            raise VocError(f"{EXPECTED}.") from error


def _read(url: str) -> SmtpServer:
    parts = urlsplit(url)
    asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    (start_tls,) = asked.pop("starttls", ["offered"])
    tls = parts.scheme == "smtps"
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or asked or parts.path.strip("/"):
        raise ValueError
    if start_tls not in ("offered", "demanded", "never"):
        raise ValueError
    if parts.username and not tls and start_tls == "offered" and parts.hostname not in _LOOPBACK:
        start_tls = "demanded"
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or (465 if tls else 587 if parts.username else 25),
        tls=tls,
        start_tls=msgspec.convert(start_tls, StartTls),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
