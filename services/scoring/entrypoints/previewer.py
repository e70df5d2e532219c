"""Answers how many customers would switch persona by a programme that somebody is about to apply (ADR 0014)."""

import asyncio
from collections import Counter
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.adapters.programmes import Programmes
from services.scoring.adapters.stored import customers_after
from services.scoring.domain.ledger import Ledger
from services.scoring.domain.persona import behind
from services.scoring.domain.review import review
from services.scoring.domain.rules import Rules
from services.scoring.domain.state import Customer
from services.scoring.entrypoints.outcome import AWAY
from shared.errors import first_line
from shared.programme import previews
from shared.programme.previews import NOTHING, Preview, Question

log = structlog.get_logger(__name__)

EVERY_SECONDS = 0.5
MOST = 500  # customers looked at between two answers, and without a pause for everybody else


class Previewer:
    """One of these runs in every scoring process; a question is claimed by one of them."""

    def __init__(self, engine: AsyncEngine, programmes: Programmes, *, most: int = MOST) -> None:
        self._engine = engine
        self._programmes = programmes
        self._most = most

    async def run(self) -> None:
        """Look for questions until cancelled. None of them ends the process: one that fails stays unanswered."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.answer_one()
            except AWAY as error:
                log.warning("previewer-waits", error=first_line(error))
            except Exception as error:  # the loop's one: a question that nobody can read or weigh here
                log.exception("preview-failed", error=first_line(error))

    async def answer_one(self) -> None:
        """Answer the oldest question that nobody is at, if there is one. Raises one of `AWAY`, and what the question is
        wrong in."""
        async with self._engine.begin() as connection:
            question = await previews.claim(connection)
        if question is None:
            return
        await self._programmes.refresh()
        rules = self._programmes.current.with_another(question.programme(), question.from_at)
        preview = await self._look(question, rules)
        log.info("preview", customers=preview.customers, switched=preview.switched)

    async def _look(self, question: Question, rules: Rules) -> Preview:
        """Page by page, by the very review that would come, and nothing of it is kept; as long as somebody waits."""
        preview, after, waited = NOTHING, "", True
        while waited and not preview.finished:
            page = await customers_after(self._engine, after, most=self._most)
            switches = Counter(preview.switches) + _switches(dict(page), rules, question.from_at)
            preview = Preview(preview.customers + len(page), dict(switches), finished=len(page) < self._most)
            async with self._engine.begin() as connection:
                waited = await previews.answer(connection, question.id, preview)
            after = page[-1].name if page else after
        return preview


def _switches(customers: dict[str, Customer], rules: Rules, at: datetime) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    ledger = Ledger(customers=customers)
    for name, customer in customers.items():
        before = customer.persona
        if behind(customer, rules) and review(ledger, name, rules, at):
            found[before, customer.persona] += 1
    return found
