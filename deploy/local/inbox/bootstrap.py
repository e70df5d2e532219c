"""What the inbox is made of, in the order in which it starts."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from deploy.local.inbox import control, look, pages, slack_door
from deploy.local.inbox.channels import Channels
from deploy.local.inbox.kept import Kept
from deploy.local.inbox.mail_server import Handler, Session
from deploy.local.inbox.mood import Moods
from deploy.local.inbox.pace import Pace
from deploy.local.inbox.settings import Settings
from deploy.local.inbox.slack import Slack
from shared.clock import now
from shared.http import health, problem

DESCRIPTION = """Stand-ins for Slack and for a mail server. Nothing that is sent to them leaves this machine."""
LOOPBACK = "127.0.0.1"


class Inbox:
    """The application, and the mail server beside it."""

    def __init__(self, settings: Settings, kept: Kept) -> None:
        self._settings = settings
        self._moods = Moods()
        self._kept = kept
        self._listening = False
        channels, pace = Channels(kept, settings.channels), Pace(time.monotonic)
        slack = Slack(kept, channels, token=settings.token, clock=now)
        self.app = FastAPI(title="Inbox", version="1", description=DESCRIPTION)
        problem.install(self.app)
        self.app.include_router(health.router({"smtp": self._listens}))
        self.app.include_router(slack_door.router(slack, pace, self._moods))
        self.app.include_router(control.router(kept, channels, pace, self._moods))
        self.app.include_router(pages.router(kept, channels))
        self.app.include_router(look.router(settings))
        # A page of elsewhere that has its own name point here shall not read it through the browser of who looks at it.
        self.app.add_middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])

    async def take_mail(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        handler = Handler(self._kept, self._moods, now)
        port = self._settings.smtp_port
        server = await loop.create_server(lambda: Session(handler, loop), LOOPBACK, port)
        async with server:
            self._listening = True
            await server.serve_forever()

    async def _listens(self) -> str | None:
        return None if self._listening else "mails are not taken yet"


@asynccontextmanager
async def inbox(settings: Settings) -> AsyncIterator[Inbox]:
    """The inbox's parts, not running yet."""
    kept = Kept(settings.folder)
    try:
        yield Inbox(settings, kept)
    finally:
        kept.close()
