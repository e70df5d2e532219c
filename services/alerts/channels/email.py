"""E-mail by SMTP: one mail a delivery, threaded by its headers; the final reply decides."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from services.alerts.channels.channel import MessageRefused, NotSent, Outgoing, Refused, Sent, TryLater, Unclear
from services.alerts.channels.email_message import envelope_of, message, message_id, recipient_of
from services.alerts.channels.smtp_url import SmtpServer
from shared.clock import Clock
from shared.errors import first_line

NO_SERVER = "There is no mail server to send by: set VOC_SMTP_URL and VOC_SMTP_FROM (docs/channels.md)."

LAST_WORD = timedelta(minutes=10)
"""A server that looks through a mail before it says yes may take so long (RFC 5321 §4.5.3.2.6). Who does not wait for
it gets the mail twice."""
COMMANDS = 8  # from the greeting to DATA, each with a timeout of its own


class Email:
    """A channel (channel.py). A mail cannot be changed once it is sent, so this one is not living."""

    living = False
    pace: timedelta | None = None

    def __init__(
        self,
        server: SmtpServer | None,
        *,
        sender: str | None,
        clock: Clock,
        timeout: float = 20.0,
        last_word: timedelta = LAST_WORD,
    ) -> None:
        self.within = last_word + COMMANDS * timedelta(seconds=timeout)
        self._last_word = last_word
        self._server = server
        self._sender = sender
        self._clock = clock
        self._timeout = timeout

    async def send(self, delivery: Outgoing) -> Sent:
        """A connection of its own: mails are rare, and a kept one could have died unseen."""
        if self._server is None or not self._sender:
            raise Refused(NO_SERVER)
        recipient = recipient_of(delivery.address)
        mail = message(delivery, sender=self._sender, recipient=recipient, at=self._clock())
        client = _client(self._server, self._timeout)
        try:
            with _before_data():
                await client.connect()
                await client.mail(envelope_of(self._sender))
                await client.rcpt(recipient)
            await _data(client, mail.as_bytes(), self._last_word)
        finally:
            await _leave(client)
        return Sent(reference=message_id(delivery, sender=self._sender))

    async def find(self, delivery: Outgoing) -> Sent | None:
        """Nobody can be asked. Sent once more it has the same Message-ID, by which some servers and readers drop it."""
        raise Refused("Nobody can be asked whether a mail has arrived.")


def _client(server: SmtpServer, timeout: float) -> SMTP:
    demanded = {"offered": None, "demanded": True, "never": False}[server.start_tls]
    return SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.tls,
        start_tls=False if server.tls else demanded,
        timeout=timeout,
    )


async def _data(client: SMTP, content: bytes, last_word: timedelta) -> None:
    """The mail itself and the server's last word on it. Who vanishes before that word may have the mail."""
    try:
        await client.data(content, timeout=last_word.total_seconds())
    except SMTPResponseException as error:
        if error.code // 100 in (4, 5):
            raise _by_code(error, refused=MessageRefused) from error
        raise Unclear(f"The mail server's last word is not understood: {first_line(error)}.") from error
    except (SMTPException, ssl.SSLError, OSError) as error:
        raise Unclear(f"The mail server's last word was lost: {first_line(error)}.") from error


@contextmanager
def _before_data() -> Iterator[None]:
    """Until here nothing has been handed over, whatever goes wrong."""
    try:
        yield
    except SMTPResponseException as error:
        raise _by_code(error) from error
    except (SMTPException, ssl.SSLError, OSError) as error:
        raise TryLater(f"The mail server cannot be reached: {first_line(error)}.") from error


def _by_code(error: SMTPResponseException, *, refused: type[Refused] = Refused) -> NotSent:
    said = " ".join(f"{error.code} {error.message}".split())[:300]
    if error.code // 100 == 5:
        return refused(f"The mail server refuses: {said}.{_advice(error)}")
    return TryLater(f"The mail server says: {said}.")


def _advice(error: SMTPResponseException) -> str:
    match error:
        case SMTPRecipientRefused():
            return f" Correct {error.recipient} in owners.yaml, or have the server take mail for it."
        case _ if error.code in (530, 534, 535, 538):
            return " Check user and password in VOC_SMTP_URL."
        case _ if error.code in (550, 553, 554):
            return " Check that it lets VOC_SMTP_FROM send."
        case _:
            return ""


async def _leave(client: SMTP) -> None:
    """Politely where that is possible; the mail's fate is known by now either way."""
    with suppress(SMTPException, OSError, asyncio.TimeoutError):
        if client.is_connected:
            await client.quit(timeout=2.0)
    client.close()
