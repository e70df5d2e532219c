"""Who would switch persona by a programme: asks scoring, shows the answer, and wants approval where it is many."""

import asyncio
import time
from datetime import datetime

from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.errors import VocError
from shared.programme import previews
from shared.programme.model import Programme
from shared.programme.previews import MOST_SHARE, Preview
from shared.programme.weigh.judged import judged

PATIENCE_SECONDS = 15.0  # without a further answer; scoring gives one after each 500 customers
LOOK_AGAIN_SECONDS = 0.2
MOST_LINES = 10


class NotApproved(VocError):
    """More customers would switch persona than may unless somebody approves, or nobody can say how many."""


async def approved(
    engine: AsyncEngine, change: tuple[Programme, Programme], from_at: datetime, *, approve: bool
) -> None:
    """Show how many customers would switch by a change (before, after), where personas change and there are customers.

    Raises NotApproved unless they are few, or `approve` was said.
    """
    before, after = change
    if judged(before) == judged(after):
        return
    async with engine.connect() as connection:
        if not await previews.anybody(connection):
            return
    preview = await _answer(engine, after, from_at)
    if preview is None:
        said = "Nobody can say how many customers would switch persona: scoring does not answer."
        if not approve:
            raise NotApproved(f"{said} Start it (`voc up scoring`), or apply unseen with --approve.")
        print(said)
        return
    _show(preview)
    if preview.wants_approval and not approve:
        raise NotApproved(
            f"More than {MOST_SHARE:.0%} of customers would switch persona: nothing was applied."
            " If that is meant, apply with --approve."
        )


async def _answer(engine: AsyncEngine, programme: Programme, from_at: datetime) -> Preview | None:
    """Scoring's answer; None where none comes."""
    async with engine.begin() as connection:
        question = await previews.ask(connection, programme, from_at)
    try:
        with Console(stderr=True).status("asking scoring who would switch persona"):
            return await _wait(engine, question)
    finally:
        async with engine.begin() as connection:
            await previews.forget(connection, question)


async def _wait(engine: AsyncEngine, question: int) -> Preview | None:
    known, moved_at = previews.NOTHING, time.monotonic()
    while time.monotonic() - moved_at < PATIENCE_SECONDS:
        async with engine.connect() as connection:
            found = await previews.read(connection, question)
        if found.finished:
            return found
        if found.customers != known.customers:
            known, moved_at = found, time.monotonic()
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return None


def _show(preview: Preview) -> None:
    share = preview.switched / preview.customers if preview.customers else 0.0
    print(f"{preview.switched:,} of {preview.customers:,} customers ({share:.1%}) would switch persona.")
    pairs = sorted(preview.switches.items(), key=lambda pair: -pair[1])
    for (one, other), n in pairs[:MOST_LINES]:
        print(f"  {one} → {other}: {n:,}")
    if len(pairs) > MOST_LINES:
        print(f"  and {len(pairs) - MOST_LINES} more kinds of change: {sum(n for _, n in pairs[MOST_LINES:]):,}")
