"""Alerts without its process: what scoring tells goes in, dispatchers work when the test says so, on the test's clock.

PostgreSQL is real, and so are the channels; Slack and the mail server are the local stack's stand-ins.
"""

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerts.adapters import inbox
from services.alerts.adapters.programmes import Programmes
from services.alerts.adapters.queue import Queue
from services.alerts.channels.channel import Channel
from services.alerts.channels.email import Email
from services.alerts.channels.slack import slack
from services.alerts.channels.smtp_url import SmtpServer
from services.alerts.domain.links import Links
from services.alerts.domain.patience import Patience
from services.alerts.entrypoints.attempt import Attempts
from services.alerts.entrypoints.dispatcher import Dispatcher
from shared.clock import Clock
from shared.events.told.envelope import Received, Told
from shared.events.told.moment import MomentDecided
from shared.postgres.engine import DatabaseSettings, connect
from shared.postgres.migrate import migrate
from shared.programme.model import Programme
from shared.programme.store import apply
from tests.inbox import TOKEN, Inbox
from tests.road import fetch

_numbers = itertools.count(1)
LEASE = timedelta(seconds=30)


class Now:
    """The test's clock. It begins an hour ago, so that the stand-ins' own is never behind it."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC) - timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, span: timedelta) -> None:
        self.at += span


class Desk:
    """One database, any number of dispatchers."""

    def __init__(self, url: str, engine: AsyncEngine, channels: Mapping[str, Channel], stand_in: Inbox) -> None:
        self.now = Now()
        self.inbox = stand_in
        self.engine = engine
        self.channels = channels
        self.renew_each = LEASE / 4
        self._url = url
        self._taken = inbox.Inbox(engine, Programmes(), Links("http://board"))
        self._dispatcher = self.dispatcher()

    def queue(self) -> Queue:
        """As bootstrap makes it."""
        paces = {name: channel.pace for name, channel in self.channels.items()}
        return Queue(self.engine, Programmes(), lease=LEASE, paces=paces)

    def dispatcher(self, at_once: int = 16) -> Dispatcher:
        """Another one, with a chance of its own that is always middling."""
        queue = self.queue()
        queue.renew_each = self.renew_each
        patience = Patience(timedelta(hours=2))
        attempts = Attempts(queue, self.channels, patience=patience, chance=lambda: 0.5)
        return Dispatcher(self.engine, queue, attempts, at_once=at_once)

    def break_off_after(self, span: timedelta) -> None:
        """No call to Slack may take longer; the span is real."""
        self.channels["slack"].within = span

    async def apply(self, programme: Programme) -> None:
        async with self.engine.begin() as connection:
            await apply(connection, programme, now=self.now())

    async def tell(self, *told: Told, sequence: int | None = None) -> list[str]:
        """What scoring tells, each as a message of its own; what came of each."""
        found = []
        for one in told:
            number = next(_numbers)
            place = f"{one.journey}/{one.touchpoint}" if isinstance(one, MomentDecided) else str(number)
            received = Received(f"told-{number}", place, self.now(), sequence or number, one)
            found.append((await self._taken.take("topic", received, self.now())).value)
        return found

    async def work(self, span: timedelta = timedelta(0)) -> None:
        """Let the dispatcher do whatever falls due within a span of the test's clock, which has passed then."""
        end = self.now.at + span
        while True:
            await self.turn()
            due_at = await self.queue().next_at()
            if due_at is None or due_at > end:
                break
            self.now.at = max(self.now.at, due_at)
        self.now.at = end

    async def turn(self, dispatcher: Dispatcher | None = None, clock: Clock | None = None) -> None:
        """Everything that is due now, to its end."""
        one = dispatcher or self._dispatcher
        await one.turn(clock or self.now)
        await one.finished()

    async def leased_for(self, span: timedelta) -> bool:
        """Whether everything that is under way is leased for as long as that, on the test's clock."""
        rows = await self.rows("select min(lease_until) as first from alerts.conversations")
        first = rows[0]["first"]
        return first is not None and bool(first >= self.now() + span)

    async def rows(self, query: str, *values: Any) -> list[Any]:
        return await fetch(self._url, query, *values)

    async def states(self, channel: str | None = None) -> list[tuple[str, str]]:
        """(kind, state) of all deliveries that are no edits."""
        rows = await self.rows(
            "select d.kind, d.state from alerts.deliveries d join alerts.conversations c on c.id = d.conversation"
            " where not edit and ($1::text is null or channel = $1) order by position",
            channel,
        )
        return [(row["kind"], row["state"]) for row in rows]

    def received(self, kind: str | None = None) -> list[dict[str, Any]]:
        """What the stand-ins have, the oldest first."""
        return [one for one in self.inbox.messages() if kind in (None, one["kind"])]


@asynccontextmanager
async def desk(url: str, stand_in: Inbox) -> AsyncIterator[Desk]:
    """A desk on an empty database."""
    engine = connect(DatabaseSettings(url=SecretStr(url)), application=f"desk-{uuid4().hex[:6]}", pool_size=40)
    server = SmtpServer.read(stand_in.smtp_url)
    try:
        await migrate(engine, "voc", "shared.postgres.migrations")
        await migrate(engine, "alerts", "services.alerts.migrations")
        async with slack(token=TOKEN, api_url=stand_in.slack_api, timeout=2) as to_slack:
            email = Email(server, sender="voc@example.com", clock=lambda: datetime.now(UTC), timeout=2)
            yield Desk(url, engine, {"slack": to_slack, "email": email}, stand_in)
    finally:
        await engine.dispose()
