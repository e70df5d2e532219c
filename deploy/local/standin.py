"""The inbox as a part of the local stack: it stands in for Slack and for a mail server (deploy/local/inbox/)."""

import os
import secrets
import signal
from collections.abc import Mapping
from datetime import timedelta

from deploy.local import port as ports
from deploy.local import service
from deploy.local.home import Home, rotate
from deploy.local.inbox.settings import LOOK, SMTP_PORT, TOKEN, port
from deploy.local.postgres import written_once
from deploy.local.process import MODULE, Process, spawn

SLACK_API, SMTP, SENDER, BOARD = "VOC_SLACK_API_URL", "VOC_SMTP_URL", "VOC_SMTP_FROM", "VOC_BOARD_URL"
_SENDER = "Voice of the Customer <voc@localhost.localdomain>"


class Inbox:
    """The inbox of a home. `launch` returns when the process runs, `fault` is None when it takes messages."""

    name = "inbox"
    stops_by = signal.SIGTERM
    grace = timedelta(seconds=5)

    def __init__(self, home: Home, port: int, environ: Mapping[str, str]) -> None:
        self.port = port
        self.log = home.log(self.name)
        self._environ = {**environ, "VOC_HOME": str(home.path)}
        self._folder = home.folder(self.name)

    @property
    def address(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.port}"

    @property
    def gives(self) -> dict[str, str]:
        """What services need in order to send here, nothing of a half that was given and is elsewhere; and where the
        links in their messages lead."""
        found = {} if self._environ.get(BOARD) else {BOARD: f"{self.address}{LOOK}"}
        if not self._environ.get(SLACK_API):
            found |= {SLACK_API: f"{self.address}/api/", TOKEN: self._token}
        if not self._environ.get(SMTP):
            found |= {SMTP: f"smtp://{ports.LOOPBACK}:{self._smtp_port}", SENDER: _SENDER}
        return found

    def launch(self) -> Process:
        """Start it. Raises StackError."""
        ports.require_free(self.port, part=self.name)
        ports.require_free(self._smtp_port, part="inbox_smtp")
        rotate(self.log)
        path = os.pathsep.join(filter(None, [str(service.ROOT), self._environ.get("PYTHONPATH", "")]))
        environ = {**self._environ, "PYTHONPATH": path, "VOC_INBOX_PORT": str(self.port), TOKEN: self._token}
        return spawn([*MODULE, "deploy.local.inbox"], log=self.log, environ=environ)

    def fault(self) -> str | None:
        """None if it is ready, else what it says is missing."""
        return service.fault(self.port)

    @property
    def _token(self) -> str:
        """The one that was given, else one that is generated when it is first asked for, then the same for ever."""
        own = written_once(self._folder / "token", f"xoxb-local-{secrets.token_urlsafe(24)}")
        return self._environ.get(TOKEN) or own

    @property
    def _smtp_port(self) -> int:
        return port(self._environ, "VOC_INBOX_SMTP_PORT", SMTP_PORT)
