"""Writes what was decided to say: each receiver's conversation about a thing, and the deliveries in it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts.domain.conversation import State, kind_of
from services.alerts.domain.decision import Planned
from services.alerts.domain.directory import Addressee

CHANNEL = "voc_alerts"
"""Notified when there is something to deliver."""


class About(msgspec.Struct, frozen=True):
    """What a conversation is about: an episode, a case or a trouble, by the id that channels thread by."""

    what: str
    thread: UUID


class Cause(msgspec.Struct, frozen=True):
    """The event that something is said for, and its instant."""

    event: str
    at: datetime


async def addressees(connection: AsyncConnection, thread: UUID) -> tuple[Addressee, ...]:
    """Everybody who was to hear of a thing, in the order in which they were written down."""
    rows = await connection.execute(text(_ADDRESSEES), {"thread": thread})
    return tuple(Addressee(*row) for row in rows)


async def put(
    connection: AsyncConnection, about: About, deliveries: Iterable[Planned], cause: Cause, now: datetime
) -> None:
    """Queue deliveries and wake the dispatchers at commit. The caller holds the lock of what they are about."""
    # One order for all who write: no deadlock.
    ordered = sorted(enumerate(deliveries), key=lambda each: (each[1].to.place, each[0]))
    for number, planned in ordered:
        conversation = uuid5(about.thread, "\n".join(planned.to.place))
        await connection.execute(text(_CONVERSE), _conversation(conversation, about, planned.to, now))
        values = _delivery(planned, cause, now) | {
            "id": uuid5(conversation, f"{cause.event} {number}"),
            "conversation": conversation,
        }
        await connection.execute(text(_PUT), values)
    if ordered:
        await connection.execute(text(f"notify {CHANNEL}"))


def _conversation(id: UUID, about: About, to: Addressee, now: datetime) -> dict[str, object]:
    return {
        "id": id,
        "thread": about.thread,
        "about": about.what,
        "channel": to.channel,
        "address": to.address,
        "name": to.name,
        "zone": to.zone,
        "due_at": now if to.cannot is None else None,
    }


def _delivery(planned: Planned, cause: Cause, now: datetime) -> dict[str, object]:
    cannot = planned.to.cannot
    return {
        "kind": kind_of(planned.letter),
        "edit": planned.edit,
        "reason": planned.reason.value,
        "letter": msgspec.json.encode(planned.letter).decode(),
        "state": State.FAILED.value if cannot else State.QUEUED.value,
        "answer": cannot,
        "caused_at": cause.at,
        "queued_at": now,
        "done_at": now if cannot else None,
    }


_ADDRESSEES = """
select channel, address, name, zone from alerts.conversations where thread = :thread order by channel, address
"""
# What is unclear is looked for in its own time: a message that was late may still be on its way.
_CONVERSE = """
insert into alerts.conversations as c (id, thread, about, channel, address, name, zone, due_at)
values (:id, :thread, :about, :channel, :address, :name, :zone, :due_at)
on conflict (id) do update set due_at = case when exists (
    select from alerts.deliveries d where d.conversation = c.id and d.state = 'unclear'
) then c.due_at else least(c.due_at, excluded.due_at) end
"""
_PUT = """
insert into alerts.deliveries
    (id, conversation, kind, edit, reason, letter, state, caused_at, queued_at, done_at, answer)
values (:id, :conversation, :kind, :edit, :reason, cast(:letter as jsonb), :state, :caused_at, :queued_at, :done_at,
        :answer)
on conflict (id) do nothing
"""
