"""How a connection to a mail server is made safe, against servers with a certificate, with passwords, with neither."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from services.alerts.channels.channel import Refused, TryLater, Unclear
from services.alerts.channels.email import Email
from services.alerts.channels.smtp_url import SmtpServer
from shared.clock import now
from tests.integration.services.alerts.channels.conftest import SENDER
from tests.letters import LETTERS, outgoing

RED = outgoing(LETTERS["red"], address="delivery@nordwind.example")


class Taken:
    """What a server took, and how it came. `seconds`: how long it looks through a mail before it says so."""

    def __init__(self) -> None:
        self.by: list[tuple[bool, bytes | None]] = []
        self.seconds = 0.0

    async def handle_DATA(self, _server: SMTP, session: Any, _envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.by.append((session.ssl is not None, session.auth_data))
        await asyncio.sleep(self.seconds)
        return "250 2.0.0 taken"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of `localhost`, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*new, *files, *names], check=True, capture_output=True)
    return folder


@pytest.fixture
def taken() -> Taken:
    return Taken()


def served(taken: Taken, **options: Any) -> AbstractAsyncContextManager[int]:
    """A mail server on a port of its own; `implicit` speaks TLS from the first byte."""

    @asynccontextmanager
    async def serving(implicit: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        loop = asyncio.get_running_loop()
        make: Callable[[], SMTP] = lambda: SMTP(taken, loop=loop, hostname="localhost", **options)  # noqa: E731
        server = await loop.create_server(make, "127.0.0.1", 0, ssl=implicit)
        async with server:
            yield server.sockets[0].getsockname()[1]

    return serving(options.pop("implicit", None))


def context(certificate: Path) -> ssl.SSLContext:
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return found


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = (data.login, data.password) == (b"voc", b"p@ss")
    return AuthResult(success=right, handled=right, auth_data=data.login)


async def send(url: str) -> None:
    await Email(SmtpServer.read(url), sender=SENDER, clock=now, timeout=5).send(RED)


async def test_tls_is_taken_where_it_is_offered(
    taken: Taken, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    async with served(taken, tls_context=context(certificate)) as port:
        await send(f"smtp://localhost:{port}")
        await send(f"smtp://localhost:{port}?starttls=never")
    assert taken.by == [(True, None), (False, None)]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not see that all of it is TLS already
async def test_tls_from_the_first_byte_with_a_password(
    taken: Taken, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    options = {"authenticator": knows, "auth_required": True, "auth_require_tls": False}
    async with served(taken, implicit=context(certificate), **options) as port:
        await send(f"smtps://voc:p%40ss@localhost:{port}")
        with pytest.raises(Refused, match="user and password in VOC_SMTP_URL"):
            await send(f"smtps://voc:wrong@localhost:{port}")
        with pytest.raises(Refused, match="530"):
            await send(f"smtps://localhost:{port}")
    assert [who for _, who in taken.by] == [b"voc"]


async def test_a_certificate_that_nobody_vouches_for_is_not_sent_to(taken: Taken, certificate: Path) -> None:
    async with served(taken, tls_context=context(certificate)) as port:
        with pytest.raises(TryLater, match=r"(?i)certificate"):
            await send(f"smtp://localhost:{port}")
    assert taken.by == []


async def test_where_tls_is_demanded_and_not_offered_nothing_is_sent(taken: Taken) -> None:
    async with served(taken) as port:
        with pytest.raises(TryLater, match="STARTTLS"):
            await send(f"smtp://localhost:{port}?starttls=demanded")
    assert taken.by == []


async def test_a_server_may_take_its_time_for_its_last_word(taken: Taken) -> None:
    taken.seconds = 1.0
    async with served(taken) as port:
        server = SmtpServer.read(f"smtp://localhost:{port}")
        await Email(server, sender=SENDER, clock=now, timeout=0.5).send(RED)
        hasty = Email(server, sender=SENDER, clock=now, timeout=0.5, last_word=timedelta(seconds=0.1))
        with pytest.raises(Unclear, match="last word"):
            await hasty.send(RED)
