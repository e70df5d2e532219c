"""What alerts is made of, in the order in which it starts; it stops in the reverse order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from services.alerts.adapters.answers import Answers
from services.alerts.adapters.inbox import Inbox
from services.alerts.adapters.programmes import Programmes
from services.alerts.adapters.quarantine import Quarantine
from services.alerts.adapters.queue import Queue
from services.alerts.adapters.waiting import Waiting
from services.alerts.channels.channel import Channel
from services.alerts.channels.email import Email
from services.alerts.channels.slack import slack
from services.alerts.channels.smtp_url import SmtpServer
from services.alerts.domain.links import Links
from services.alerts.domain.patience import Patience
from services.alerts.entrypoints import api
from services.alerts.entrypoints.attempt import Attempts
from services.alerts.entrypoints.dispatcher import Dispatcher
from services.alerts.entrypoints.inbox import GROUP, TOPICS, Reader
from services.alerts.entrypoints.watch import Watch
from services.alerts.settings import Settings
from shared.clock import now
from shared.http.keys import KeyRing
from shared.kafka.create import ensure_topics
from shared.postgres.check import answers
from shared.postgres.clock import SharedClock
from shared.postgres.engine import connect
from shared.postgres.migrate import migrate
from shared.waiting import until_it_works

# A member that polls nothing would leave the group after five minutes and, having nothing to poll, never come back:
# one without partitions, or one that waits for its database. Heartbeats tell whether we live.
NEVER = timedelta(days=20)
LARGEST_BYTES = 4 * 1024 * 1024  # a message as large as its topic takes, with headers around it


class Alerts:
    """One process: its door is open at once, its loops begin when Kafka and PostgreSQL are there."""

    def __init__(self, settings: Settings, engine: AsyncEngine) -> None:
        self._settings = settings
        self._engine = engine
        self._keys = KeyRing(engine)
        self._reader: Reader | None = None
        self._waits_for = "starting"
        checks = {"postgres": lambda: answers(engine), "keys": self._keys_are_loaded, "inbox": self._inbox}
        self.app: FastAPI = api.build(Answers(engine), self._keys, checks)

    async def run(self) -> None:
        """Everything, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._alert())

    async def _alert(self) -> None:
        settings = self._settings
        await until_it_works("PostgreSQL", self._migrate, tell=self._tell)
        clock = SharedClock(self._engine)
        await until_it_works("PostgreSQL", clock.set, tell=self._tell)
        await until_it_works("Kafka", lambda: ensure_topics(settings.kafka), tell=self._tell)
        async with AsyncExitStack() as stack:
            consumer, producer = self._consumer(), self._producer()
            for part in (consumer, producer):
                await until_it_works("Kafka", part.start, tell=self._tell)
                stack.push_async_callback(part.stop)
            token = settings.slack_token.get_secret_value() if settings.slack_token else None
            to_slack = slack(token=token, api_url=settings.slack_api_url, timeout=settings.alerts_send_seconds)
            channels: dict[str, Channel] = {
                "slack": await stack.enter_async_context(to_slack),
                "email": _email(settings),
            }
            programmes = Programmes()
            inbox = Inbox(self._engine, programmes, Links(settings.board_url))
            reader = self._reader = Reader(
                consumer, Quarantine(producer), inbox, most_unreadable=settings.alerts_quarantine_in_a_row
            )
            self._waits_for = ""
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keys.keep_fresh())
                group.create_task(clock.keep())
                for name, channel in channels.items():
                    group.create_task(self._dispatcher(programmes, name, channel).run(clock))
                group.create_task(reader.run(clock))
                group.create_task(Watch(Waiting(self._engine)).run(clock))

    def _dispatcher(self, programmes: Programmes, name: str, channel: Channel) -> Dispatcher:
        """One a channel: mails that wait for a slow server take no place from Slack."""
        settings = self._settings
        lease = timedelta(seconds=settings.alerts_lease_seconds)
        queue = Queue(self._engine, programmes, lease=lease, paces={name: channel.pace})
        patience = Patience(timedelta(hours=settings.alerts_give_up_hours))
        attempts = Attempts(queue, {name: channel}, patience=patience)
        return Dispatcher(self._engine, queue, attempts, at_once=settings.alerts_at_once)

    def _consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            *TOPICS,
            **self._settings.kafka.options(),
            group_id=GROUP,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_interval_ms=int(NEVER.total_seconds() * 1000),
        )

    def _producer(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(**self._settings.kafka.options(), acks="all", max_request_size=LARGEST_BYTES)

    async def _migrate(self) -> None:
        await migrate(self._engine, "voc", "shared.postgres.migrations")
        await migrate(self._engine, "alerts", "services.alerts.migrations")

    def _tell(self, missing: str) -> None:
        self._waits_for = missing

    async def _keys_are_loaded(self) -> str | None:
        return None if self._keys.loaded else "the keys are not loaded yet"

    async def _inbox(self) -> str | None:
        """None while what scoring tells is read."""
        if self._waits_for:
            return f"waiting for {self._waits_for}"
        return self._reader.fault if self._reader else None


def _email(settings: Settings) -> Email:
    """Raises VocError for an address of a mail server that cannot be read."""
    server = SmtpServer.read(settings.smtp_url.get_secret_value()) if settings.smtp_url else None
    return Email(server, sender=settings.smtp_from, clock=now, timeout=settings.alerts_send_seconds)


@asynccontextmanager
async def alerts(settings: Settings) -> AsyncIterator[Alerts]:
    """The service's parts, not running yet. Raises VocError for a setting that cannot be used."""
    engine = connect(settings.database, application="voc-alerts", pool_size=2 * settings.alerts_at_once + 6)
    try:
        yield Alerts(settings, engine)
    finally:
        await engine.dispose()
