"""SMTP by aiosmtpd: takes mails for everybody, except as it was told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiosmtpd.smtp import SMTP

from deploy.local.inbox.kept import Kept
from deploy.local.inbox.message import Mail
from deploy.local.inbox.mood import Moods, SmtpStep

LARGEST = 10 * 1024 * 1024
"""Bytes of a mail; a larger one is refused with 552, and SIZE says so before."""


class Handler:
    """What happens at the steps of a session."""

    def __init__(self, kept: Kept, moods: Moods, clock: Callable[[], datetime]) -> None:
        self._kept = kept
        self._moods = moods
        self._clock = clock

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if (said := self.said(server, "mail")) is not None:
            return said
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender is welcome"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if (said := self.said(server, "rcpt", address)) is not None:
            return said
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 recipient is welcome"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        if (said := self.said(server, "data")) is not None:
            return said
        for recipient in envelope.rcpt_tos:
            self._kept.put_mail(
                Mail(
                    sender=envelope.mail_from or "",
                    recipient=recipient,
                    at=self._clock(),
                    content=envelope.original_content or envelope.content,
                )
            )
        return self.said(server, "after-data") or "250 2.0.0 taken"

    def said(self, server: SMTP, step: SmtpStep, recipient: str | None = None) -> str | None:
        """What the mood makes it say, None where it has none. Cuts the connection where there is nothing to say."""
        mood = self._moods.of_smtp(step, recipient)
        if mood is None:
            return None
        if mood.reply is None or step == "after-data":
            server.transport.abort()  # type: ignore[union-attr]  # there is one while a session lasts
            return "421 4.3.0 gone"
        return mood.reply


class Session(SMTP):
    """The protocol of one connection: aiosmtpd's, with a greeting that can go wrong."""

    def __init__(self, handler: Handler, loop: Any) -> None:
        super().__init__(handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="inbox.invalid", loop=loop)
        self._handler = handler
        self._greeted = False

    async def push(self, status: Any) -> None:
        """The first line that is sent is the greeting."""
        said = None if self._greeted else self._handler.said(self, "connect")
        self._greeted = True
        await super().push(said or status)
