"""A run through a journey as readers see it: one that was silent for too long has expired, with no event to say so."""

from datetime import datetime, timedelta

import msgspec

from services.insights.domain import shapes
from services.insights.domain.record import Run


def instance(run: Run, idle_after: int | None, now: datetime) -> shapes.Instance:
    """`idle_after` is the journey's, in seconds; None: its runs never expire."""
    expired_at = expiry(run, idle_after, now)
    return shapes.Instance(
        journey=run.journey,
        instance=run.instance,
        status="expired" if expired_at else msgspec.convert(run.status, shapes.RunStatus),
        first_at=run.first_at,
        last_at=run.last_at,
        ended_at=expired_at or run.ended_at,
        steps=run.steps,
    )


def expiry(run: Run, idle_after: int | None, now: datetime) -> datetime | None:
    """When an open run expired: so many seconds after the last that was heard of it; None while it did not."""
    if run.status != "open" or idle_after is None or now - run.last_at < timedelta(seconds=idle_after):
        return None
    return run.last_at + timedelta(seconds=idle_after)
