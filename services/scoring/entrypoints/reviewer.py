"""Looks again at everybody, page by page, when a version of the programme with other personas holds (ADR 0013)."""

import asyncio
from datetime import datetime

import structlog

from services.scoring import metrics
from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.reviews import Progress, Reviews
from services.scoring.adapters.store import ProgrammeChanged, Store
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.persona import behind
from services.scoring.domain.review import review
from services.scoring.domain.rules import Rules
from services.scoring.entrypoints.ends import Ends
from services.scoring.entrypoints.outcome import AWAY
from shared.clock import Clock
from shared.errors import first_line

log = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0
MOST = 500  # customers in a transaction
LONGEST = 10.0  # seconds waited for what is on its way: who is looked at again should not be by half of what is there


class Reviewer:
    """One of these runs in every scoring process; a lock in the database lets one at a time review. They go by one
    clock, PostgreSQL's: by one that is ahead a version would be asked about before it holds."""

    def __init__(self, store: Store, reviews: Reviews, ends: Ends, programmes: Programmes, *, most: int = MOST) -> None:
        self._store = store
        self._reviews = reviews
        self._ends = ends
        self._programmes = programmes
        self._most = most

    async def run(self, clock: Clock) -> None:
        """Look until cancelled whether there is anybody to review."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.review_all(clock())
            except AWAY as error:
                log.warning("reviewer-waits", error=first_line(error))
            except ProgrammeChanged:
                log.info("review-begins-anew", reason="another version was applied")

    async def review_all(self, at: datetime) -> None:
        """Review everybody who is behind the version that holds at `at`. Raises one of `AWAY`, or ProgrammeChanged."""
        await self._programmes.refresh()
        rules = self._programmes.current.at(at)
        if not rules.era.told:
            return
        found = await self._progress(rules)
        if not await self._may_begin(found, rules, at):
            return
        while self._ends.reads() and await self._review_some(rules, at, everybody=not found.finished):
            await self._progress(rules)
        await self._progress(rules)

    async def _may_begin(self, found: Progress, rules: Rules, at: datetime) -> bool:
        """Whether there is somebody, and all is folded that is there; of a backfill, whether it is over."""
        if found.finished and not (found.left_behind and await self._reviews.quiet_since(at - rules.settle)):
            return False
        if not (self._ends.reads() and await self._ends.applied(within=LONGEST)):
            return False
        await self._reviews.known_to_all()
        return True

    async def _progress(self, rules: Rules) -> Progress:
        found = await self._reviews.progress(rules.era.told)
        metrics.TO_REVIEW.set((0 if found.finished else found.left) + found.left_behind)
        return found

    async def _review_some(self, rules: Rules, at: datetime, *, everybody: bool) -> bool:
        """One transaction; whether there may be more to do."""
        ledger, newest = Ledger(), self._programmes.newest
        async with self._store.reviewing(rules.era.told, most=self._most, everybody=everybody, programme=newest) as (
            transaction,
            page,
        ):
            if page is None:
                return False
            await transaction.load_customers(ledger, set(page.names))
            ledger.customers = {name: one for name, one in ledger.customers.items() if behind(one, rules)}
            switched = sum(review(ledger, name, rules, at) for name in sorted(ledger.customers))
            await transaction.save(ledger)
            more = len(page.names) == self._most
            await page.done(switched=switched, last=not more)
        metrics.REVIEWED.inc(len(ledger.customers))
        metrics.count_told(ledger.told)
        log.info("personas-reviewed", programme=rules.version, customers=len(ledger.customers), switched=switched)
        return more
