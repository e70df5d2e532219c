"""Which bridges run: one for each source with a topic that the programme has now, unless it was stopped."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

import structlog
from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from services.ingest import metrics
from services.ingest.adapters.breather import Breather
from services.ingest.adapters.positions import partitions_of
from services.ingest.adapters.protections import Protections
from services.ingest.adapters.publisher import Publisher
from services.ingest.adapters.quarantine import Quarantine
from services.ingest.adapters.stops import Stop, Stops
from services.ingest.domain.bridge_state import BridgeState, Partition, State, lag_of
from services.ingest.domain.bridged import Reading
from services.ingest.entrypoints.connected import Connected, configured
from services.ingest.entrypoints.crossing import Crossing
from services.ingest.settings import Settings
from shared.clock import Clock
from shared.errors import first_line
from shared.events.set_aside import Door
from shared.postgres.engine import AWAY
from shared.programme.model import Source

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0


class Bridges:
    """All bridges of a process. Several processes share a topic's partitions, as a consumer group does."""

    def __init__(
        self,
        engine: AsyncEngine,
        publisher: Publisher,
        quarantine: Quarantine,
        settings: Settings,
        *,
        sources: Callable[[], Iterable[Source]],
        protections: Protections,
        clock: Clock,
        taken: Callable[[Door, str], None],
    ) -> None:
        self._engine = engine
        self._publisher = publisher
        self._quarantine = quarantine
        self._settings = settings
        self._sources = sources
        self._protections = protections
        self._clock = clock
        self._taken = taken
        self._breather = Breather(settings.ingest_bridge_share)
        self._stops = Stops(engine)
        self._running: dict[str, Connected] = {}
        self._told: set[str] = set()

    async def run(self) -> None:
        """Begin and end bridges as the programme changes, until cancelled."""
        try:
            while True:
                ended = [name for name, one in self._running.items() if one.ended]
                try:
                    stops = await self._stops.all()  # after: whoever ended has noted why before
                    await self._end(ended)
                    await self._follow(stops)
                except AWAY as error:
                    log.debug("bridges-wait", error=first_line(error))
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self._end(list(self._running))

    async def status(self) -> list[BridgeState]:
        """How each source's bridge does, as all processes have noted. Raises what PostgreSQL raises when it is away."""
        stops, partitions = await self._stops.all(), await partitions_of(self._engine)
        return [
            self._state(source, stops.get(name), partitions.get((name, source.topic or ""), []))
            for name, source in self.connected().items()
        ]

    async def resume(self, source: str) -> bool:
        """Let a stopped bridge go on, in whatever process it is; False where it was not stopped."""
        return await self._stops.resume(source)

    async def _follow(self, stops: dict[str, Stop]) -> None:
        connected = self.connected()
        stopped = {name for name, source in connected.items() if _holds(stops.get(name), source)}
        for name in self._told - connected.keys():
            _forget(metrics.BRIDGE_STOPPED, name)
        self._told = set(connected)
        for name in connected:
            metrics.BRIDGE_STOPPED.labels(name).set(name in stopped)
        wanted = {name: source for name, source in connected.items() if name not in stopped}
        others = {name for name, one in self._running.items() if one.source != wanted.get(name)}
        await self._end(list(others))
        for name in wanted.keys() - self._running.keys():
            if name in stops or name in others:
                await self._stops.forget(name)
            self._running[name] = Connected(
                wanted[name],
                kafka=self._settings.kafka,
                engine=self._engine,
                crossing=self._crossing,
                clock=self._clock,
            )
            self._running[name].begin()

    async def _end(self, names: list[str]) -> None:
        ending = [self._running.pop(name) for name in names]
        await asyncio.gather(*(one.end() for one in ending))
        for name in names:
            _forget(metrics.BRIDGE_LAG, name)

    def connected(self) -> dict[str, Source]:
        """The programme's sources that have a topic, by name."""
        return {source.source: source for source in self._sources() if source.topic is not None}

    def _crossing(self, source: Source) -> Crossing:
        """Raises VocError for a map that this release cannot compile."""
        return Crossing(
            Reading(source, self._settings.ingest_most_bytes),
            publisher=self._publisher,
            quarantine=self._quarantine,
            breather=self._breather,
            protections=self._protections,
            clock=self._clock,
            taken=self._taken,
            most_in_a_row=self._settings.ingest_bridge_in_a_row,
        )

    def _state(self, source: Source, stop: Stop | None, partitions: list[Partition]) -> BridgeState:
        here = self._running.get(source.source)
        state: State = "starting" if here is None else here.state
        says, since = ("", None) if here is None else (here.says, here.fails_since)
        if stop is not None and _holds(stop, source):
            state, says, since = "stopped", stop.reason, stop.stopped_at
        return BridgeState(
            source=source.source,
            topic=source.topic or "",
            state=state,
            says=says,
            since=since,
            lag=lag_of(partitions),
            partitions=partitions,
        )


def _holds(stop: Stop | None, source: Source) -> bool:
    """Whether a stop is of the source as it is configured now: mended, it goes on."""
    return stop is not None and stop.configured == configured(source)


def _forget(gauge: Gauge, source: str) -> None:
    """Tell it no more: what is not known is not 0."""
    with suppress(KeyError):
        gauge.remove(source)
