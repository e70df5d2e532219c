"""Fetches what thin deliveries announce, never inside their request: again and again until it comes or is given up."""

import asyncio
from datetime import timedelta

import structlog

from services.ingest import metrics
from services.ingest.adapters.notices import Notices, Waiting
from services.ingest.adapters.provider_api import NotFetched, ProviderApi
from services.ingest.adapters.secret import Secrets
from services.ingest.adapters.sources import Connection, Sources
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.patience import Failure, GivenUp, after
from services.ingest.entrypoints.intake import Intake
from shared.clock import Clock
from shared.errors import first_line
from shared.events.refusal import Problem
from shared.postgres.engine import AWAY
from shared.programme.jmes import NotApplicable

log = structlog.get_logger(__name__)

AT_ONCE = 4
LOOK_SECONDS = 1.0
SWEEP_EACH = 60  # looks
NOTHING_YET = Failure("the API answers, and what was announced is not in its answer", 404)
NO_SOURCE = Failure("the programme has no such source just now")


class Fetcher:
    """One of a process; several share the work."""

    def __init__(
        self, notices: Notices, sources: Sources, intake: Intake, secrets: Secrets, api: ProviderApi, clock: Clock
    ) -> None:
        self._notices = notices
        self._sources = sources
        self._intake = intake
        self._secrets = secrets
        self._api = api
        self._clock = clock

    async def run(self) -> None:
        """Fetch for ever."""
        looks = 0
        while True:
            try:
                if looks % SWEEP_EACH == 0:
                    metrics.NOTICES_WAITING.set(await self._notices.sweep())
                looks += 1
                claimed = await self._notices.claim(AT_ONCE)
                await asyncio.gather(*(self._one(one) for one in claimed))
            except (NotNow, *AWAY) as error:  # what was claimed is due again after its lease
                log.warning("fetching-waits", error=first_line(error))
                claimed = []
            if len(claimed) < AT_ONCE:
                await asyncio.sleep(LOOK_SECONDS)

    async def _one(self, one: Waiting) -> None:
        try:
            await self._fetch(one, self._connection(one.source))
        except NotFetched as error:
            await self._failed(one, error.failure)
        else:
            await self._notices.end(one)
            metrics.FETCHES.labels(one.source, "fetched").inc()

    def _connection(self, source: str) -> Connection:
        try:
            return self._sources[source]
        except KeyError:
            raise NotFetched(NO_SOURCE) from None

    async def _fetch(self, one: Waiting, connection: Connection) -> None:
        """Publish what is fetched. Raises NotFetched, and NotNow where Kafka does not take it."""
        api = connection.source.api
        token = None if api is None else self._secrets.of(api.token)
        if api is None or token is None:
            raise NotFetched(Failure("the source's api, or its token, is not there"))
        try:
            ask = connection.mapping.ask(one.said, token)
        except NotApplicable as error:
            raise NotFetched(Failure(str(error), 422)) from error
        answers = await self._api.answers(ask)
        mapped = connection.mapping.fetched(one.said, answers, one.received_at)
        if not (mapped.events or mapped.problems or mapped.ignored):
            raise NotFetched(NOTHING_YET)
        await self._intake.settle(connection, one.kept.delivery, tuple(one.kept.carried), mapped)

    async def _failed(self, one: Waiting, failure: Failure) -> None:
        following = after(failure, tries=one.tries, age=self._clock() - one.received_at)
        if isinstance(following, GivenUp):
            problems = [Problem("", following.says)]
            await self._intake.set_aside(one.kept.delivery, problems, "unfetched", tuple(one.kept.carried))
            await self._notices.end(one, following.says)
            metrics.FETCHES.labels(one.source, "given-up").inc()
            return
        wait = timedelta(seconds=following.seconds)
        log.warning("not-fetched", source=one.source, tries=one.tries, reason=failure.says, again_in=str(wait))
        await self._notices.later(one, following.seconds, failure.says)
        metrics.FETCHES.labels(one.source, "failed").inc()
