"""Fetches what thin deliveries announce, never inside their request: again and again until it comes or is given up."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import structlog

from services.ingest import metrics
from services.ingest.adapters.notices import Notices, Waiting
from services.ingest.adapters.provider_api import NotFetched, ProviderApi
from services.ingest.adapters.secret import Secrets
from services.ingest.adapters.sources import Connection, Sources
from services.ingest.domain.not_now import NotNow
from services.ingest.domain.patience import Failure, GivenUp, Resting, after
from services.ingest.entrypoints.intake import Intake
from shared.clock import Clock
from shared.errors import first_line
from shared.events.refusal import Problem
from shared.postgres.engine import AWAY
from shared.programme.jmes import NotApplicable

log = structlog.get_logger(__name__)

AT_ONCE, AT_ONCE_OF_ONE = 4, 2  # notices, and of one source
LOOK_SECONDS = 1.0
SWEEP_SECONDS = 60.0
NOTHING_YET = Failure("the API answers, and what was announced is not in its answer", 404)
NO_SOURCE = Failure("the programme has no such source just now")
NO_TOKEN = Failure("the source's api, or its token, is not there")
ODD_TOKEN = Failure("the source's api token holds what no header can carry: a line end, or what is not ASCII")
SET_ASIDE = "it was fetched, and is in the quarantine"  # so that a replay fetches it anew


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
        self._resting = Resting()
        self._busy: dict[asyncio.Task[None], str] = {}

    async def run(self) -> None:
        """Fetch for ever, several at once: none waits for another, and no source takes all places."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sweep())
            while True:
                while len(self._busy) < AT_ONCE and (one := await self._claim()) is not None:
                    task = group.create_task(self._one(one))
                    self._busy[task] = one.source
                    task.add_done_callback(self._busy.pop)
                await _until_one_ends(self._busy)

    async def _sweep(self) -> None:
        while True:
            try:
                metrics.NOTICES_WAITING.set(await self._notices.sweep())
            except AWAY as error:
                log.warning("fetching-waits", error=first_line(error))
            await asyncio.sleep(SWEEP_SECONDS)

    async def _claim(self) -> Waiting | None:
        crowded = {source for source, places in Counter(self._busy.values()).items() if places >= AT_ONCE_OF_ONE}
        try:
            return await self._notices.claim(besides=crowded | self._resting.at(self._clock()))
        except AWAY as error:
            log.warning("fetching-waits", error=first_line(error))
        except Exception:
            log.exception("notice-not-claimed")
        return None

    async def _one(self, one: Waiting) -> None:
        """Whatever goes wrong is this notice's: the others are fetched."""
        try:
            await self._try(one)
        except (NotNow, *AWAY) as error:  # it is due again after its lease
            log.warning("fetching-waits", source=one.source, error=first_line(error))
        except Exception:
            log.exception("notice-not-ended", source=one.source)

    async def _try(self, one: Waiting) -> None:
        try:
            says = await self._fetch(one, self._connection(one.source))
        except NotFetched as error:
            await self._failed(one, error.failure)
        except NotNow as error:
            await self._failed(one, Failure(str(error)))
        except Exception as error:
            log.exception("fetching-failed", source=one.source)
            await self._failed(one, Failure(f"{type(error).__name__} in ingest, whose log tells more"))
        else:
            await self._notices.end(one, says)
            metrics.FETCHES.labels(one.source, "fetched").inc()

    def _connection(self, source: str) -> Connection:
        try:
            return self._sources[source]
        except KeyError:
            raise NotFetched(NO_SOURCE) from None

    def _token(self, connection: Connection) -> str:
        api = connection.source.api
        token = None if api is None else self._secrets.of(api.token)
        if token is None:
            raise NotFetched(NO_TOKEN)
        if not (token.isascii() and token.isprintable()):
            raise NotFetched(ODD_TOKEN)
        return token

    async def _fetch(self, one: Waiting, connection: Connection) -> str:
        """Publish what is fetched; what is to be remembered of it. Raises NotFetched, and NotNow where Kafka does not
        take it."""
        try:
            ask = connection.mapping.ask(one.said, self._token(connection))
        except NotApplicable as error:
            raise NotFetched(Failure(str(error), 422)) from error
        answers = await self._api.answers(ask)
        mapped = connection.mapping.fetched(one.said, answers, one.received_at, now=self._clock())
        if not (mapped.events or mapped.problems or mapped.ignored):
            raise NotFetched(NOTHING_YET)
        await self._intake.settle(connection, one.kept.delivery, tuple(one.kept.carried), mapped)
        return SET_ASIDE if mapped.problems else ""

    async def _failed(self, one: Waiting, failure: Failure) -> None:
        self._resting.note(one.source, failure, self._clock())
        following = after(failure, tries=one.tries, age=one.age, absent=one.absent)
        if isinstance(following, GivenUp):
            problems = [Problem("", following.says)]
            await self._intake.set_aside(one.kept.delivery, problems, "unfetched", tuple(one.kept.carried))
            await self._notices.end(one, following.says)
            metrics.FETCHES.labels(one.source, "given-up").inc()
            return
        wait = timedelta(seconds=following.seconds)
        log.warning("not-fetched", source=one.source, tries=one.tries, reason=failure.says, again_in=str(wait))
        await self._notices.later(one, following.seconds, failure.says, absent=failure.absent)
        metrics.FETCHES.labels(one.source, "failed").inc()


async def _until_one_ends(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Or until it is time to look for what is due."""
    if found := list(tasks):
        await asyncio.wait(found, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    else:
        await asyncio.sleep(LOOK_SECONDS)
