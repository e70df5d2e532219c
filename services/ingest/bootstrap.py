"""What ingest is made of, in the order in which it starts; it stops in the reverse order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from services.ingest.adapters.notices import Notices
from services.ingest.adapters.programme import InForce
from services.ingest.adapters.protections import Protections
from services.ingest.adapters.provider_api import ProviderApi
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantine import Quarantine
from services.ingest.adapters.quarantined import Quarantined
from services.ingest.adapters.secret import Secrets
from services.ingest.adapters.sources import Sources
from services.ingest.adapters.traffic import Taken
from services.ingest.domain.again import ways
from services.ingest.domain.bridge_state import BridgeState
from services.ingest.entrypoints import app, bridged_again, delivered_again, sources
from services.ingest.entrypoints import quarantine as quarantine_api
from services.ingest.entrypoints.body import Bodies
from services.ingest.entrypoints.bridges import Bridges
from services.ingest.entrypoints.connections import Connections
from services.ingest.entrypoints.events import Door
from services.ingest.entrypoints.fetcher import Fetcher
from services.ingest.entrypoints.intake import Intake
from services.ingest.entrypoints.keeper import Keeper
from services.ingest.entrypoints.quotas import Quotas
from services.ingest.entrypoints.replay import Replays
from services.ingest.entrypoints.webhooks import Webhooks
from services.ingest.providers.known import known_providers
from services.ingest.settings import Settings
from shared.clock import now
from shared.http.keys import KeyRing
from shared.kafka.create import ensure_topics
from shared.postgres.engine import connect
from shared.postgres.migrate import migrate
from shared.waiting import until_it_works


class Ingest:
    """One process: its door is open at once, and answers 503 until Kafka and the keys are there."""

    def __init__(self, settings: Settings, engine: AsyncEngine, background: AsyncEngine) -> None:
        self._settings = settings
        self._engine = engine
        self._background = background
        self._ring = KeyRing(engine)
        self._programme = InForce(engine, now)
        self._protections = Protections(lambda: self._programme.asked)
        self._programme.tell(self._protections.take_up)
        self._let_in = asyncio.Event()
        self._publisher = Publisher(
            settings.kafka,
            acknowledge_seconds=settings.ingest_acknowledge_seconds,
            waiting_bytes=settings.ingest_waiting_bytes,
        )
        self.connections = Connections(
            most=settings.ingest_most_connections,
            most_head_bytes=settings.ingest_most_head_bytes,
            most_headers=settings.ingest_most_headers,
            head_seconds=settings.ingest_head_seconds,
        )
        self._bodies = Bodies(
            most_bytes=settings.ingest_most_bytes,
            seconds=settings.ingest_body_seconds,
            most_held_bytes=settings.ingest_bodies_bytes,
        )
        quarantine = Quarantine(self._publisher)
        secrets = Secrets()
        notices = Notices(background)
        self._api = ProviderApi()
        self._sources = Sources(self._programme, known_providers(), secrets)
        self._taken = Taken(background, now)
        intake = Intake(self._publisher, quarantine, notices, self._protections, self._taken.note)
        self._fetcher = Fetcher(notices, self._sources, intake, secrets, self._api, now)
        webhooks = Webhooks(
            self._sources,
            intake,
            self._bodies,
            now,
            public_url=settings.public_url,
        )
        self._bridges = Bridges(
            background,
            self._publisher,
            quarantine,
            settings,
            sources=self._programme.sources,
            protections=self._protections,
            clock=now,
            taken=self._taken.note,
        )
        self._keeper = Keeper(
            background, settings.kafka, now, bridges=self._how_bridges_do, said=self._protections.said
        )
        quarantined = Quarantined(background)
        by_webhook = delivered_again.way(self._sources, public_url=settings.public_url)
        by_bridge = bridged_again.way(self._programme.sources, most_bytes=settings.ingest_most_bytes)
        doors = ways({"webhook": by_webhook, "bridge": by_bridge})
        replays = Replays(quarantined, self._publisher, doors, intake.note, self._protections, now)
        routers = [
            sources.router(self._sources, self._bridges, self._ring, now, settings),
            quarantine_api.router(quarantined, replays, self._ring, now),
        ]
        self.app = Door(
            app.build(
                {"kafka": self._publisher.check, "keys": self._keys, "privacy": self._protections.check},
                settings,
                routers,
            ),
            ring=self._ring,
            quotas=Quotas(),
            publisher=self._publisher,
            webhooks=webhooks.take,
            quarantine=quarantine,
            protections=self._protections,
            bodies=self._bodies,
            clock=now,
            most_events=settings.ingest_most_events,
        )

    async def run(self) -> None:
        """Everything behind the door, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.connections.watch())
            group.create_task(self._bodies.watch())
            group.create_task(self._keep_fresh())
            group.create_task(self._publish())
            group.create_task(self._protections.keep_trying())
            group.create_task(self._work_behind())

    async def close(self) -> None:
        """Let go of what is open to others' servers."""
        await self._api.close()

    async def _keep_fresh(self) -> None:
        await until_it_works("PostgreSQL", lambda: migrate(self._engine, "voc", "shared.postgres.migrations"))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._ring.keep_fresh())
            group.create_task(self._programme.keep_fresh())

    async def _publish(self) -> None:
        await until_it_works("Kafka", lambda: ensure_topics(self._settings.kafka), tell=self._publisher.waits_for)
        self._let_in.set()
        await self._publisher.run()

    async def _work_behind(self) -> None:
        """What the door does not wait for."""
        await until_it_works("PostgreSQL", lambda: migrate(self._background, "ingest", "services.ingest.migrations"))
        await self._let_in.wait()  # one says why Kafka lets nobody in, not each client for itself
        async with asyncio.TaskGroup() as group:
            group.create_task(self._taken.run())
            if self._settings.ingest_background:
                group.create_task(self._keeper.run())
                group.create_task(self._bridges.run())
                group.create_task(self._fetcher.run())

    async def _how_bridges_do(self) -> list[BridgeState] | None:
        return None if self._programme.version is None else await self._bridges.status()

    async def _keys(self) -> str | None:
        return None if self._ring.loaded else "waiting for PostgreSQL: no keys are loaded yet"


@asynccontextmanager
async def ingest(settings: Settings) -> AsyncIterator[Ingest]:
    """An ingest process's parts, not running yet."""
    engine = connect(settings.database, application="voc-ingest", pool_size=2)
    background = connect(settings.database, application="voc-ingest-background", pool_size=4)
    try:
        service = Ingest(settings, engine, background)
        try:
            yield service
        finally:
            await service.close()
    finally:
        await background.dispose()
        await engine.dispose()
