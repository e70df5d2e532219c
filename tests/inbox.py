"""The inbox as a process of its own on free ports, and its controls."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.processes import ROOT, eventually, free_port

TOKEN = "xoxb-of-the-tests"


class Inbox:
    """Slack and a mail server, stood in for. `moods` are what docs/channels.md tells of."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port, self.smtp_port = free_port(), free_port()
        self.log = folder / "inbox.log"
        self._environment = {
            **os.environ,
            "VOC_HOME": str(folder),
            "VOC_SLACK_TOKEN": TOKEN,
            "VOC_INBOX_PORT": str(self.port),
            "VOC_INBOX_SMTP_PORT": str(self.smtp_port),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)

    @property
    def slack_api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def smtp_url(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp_port}"

    def start(self) -> "Inbox":
        """Returns when it takes messages."""
        command = [sys.executable, "-m", "deploy.local.inbox"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        eventually(self._ready, within=30, what=lambda: self.log.read_text()[-2000:])
        return self

    def stop(self) -> None:
        """In good order."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(20) == 0, self.log.read_text()[-2000:]

    def api(self, method: str, *, token: str = TOKEN, **arguments: Any) -> dict[str, Any]:
        """A call of Slack's Web API with JSON."""
        headers = {"Authorization": f"Bearer {token}"}
        found: dict[str, Any] = self.http.post(f"/api/{method}", json=arguments, headers=headers).json()
        return found

    def tell(self, what: str, **said: Any) -> None:
        """A control."""
        self.http.put(f"/stand-in/{what}", json=said).raise_for_status()

    def well(self) -> None:
        """No moods, no messages."""
        self.http.delete("/stand-in").raise_for_status()
        self.http.delete("/stand-in/messages").raise_for_status()

    def messages(self) -> list[dict[str, Any]]:
        """As `voc inbox --json` prints them."""
        found: list[dict[str, Any]] = self.http.get("/messages").json()
        return found

    def view(self) -> dict[str, Any]:
        """As the page gets them."""
        found: dict[str, Any] = self.http.get("/view").json()
        return found

    def _ready(self) -> bool:
        try:
            return self.http.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False
