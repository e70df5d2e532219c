"""One message, one transaction: noted as seen, its moment, episode, case or trouble changed, deliveries queued."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.alerts.adapters import broken
from services.alerts.adapters.conversations import About, Cause, addressees, put
from services.alerts.adapters.programmes import Programmes
from services.alerts.domain import case, decision, episode, trouble
from services.alerts.domain.decision import Decision, Reason
from services.alerts.domain.directory import Directory, unheard
from services.alerts.domain.episode import Change, Episode, What
from services.alerts.domain.links import Links
from services.alerts.domain.trouble import Spell
from shared.events.told.case import CaseOpened
from shared.events.told.envelope import Received
from shared.events.told.moment import MomentDecided
from shared.events.told.trouble import TroubleTold

_episode = msgspec.json.Decoder(Episode).decode
_spell = msgspec.json.Decoder(Spell).decode


class Inbox:
    """Turns what scoring tells into episodes, cases, troubles and deliveries."""

    def __init__(self, engine: AsyncEngine, programmes: Programmes, links: Links) -> None:
        self._engine = engine
        self._programmes = programmes
        self._links = links

    async def take(self, topic: str, received: Received, now: datetime) -> Reason:
        """Everything that a message leads to, or nothing of it; why somebody is told, or nobody.

        Raises NoProgramme while nothing was applied, and the database's errors.
        """
        async with self._engine.begin() as connection:
            if not await self._is_new(connection, topic, received, now):
                return Reason.SEEN_BEFORE
            transaction = _Taking(connection, self._programmes, self._links, received, now)
            taken = await transaction.take()
            noted = {"event": received.id, "reason": taken.reason.value, "told": len(taken.deliveries)}
            await connection.execute(text(_NOTE), noted)
            return taken.reason

    @staticmethod
    async def _is_new(connection: AsyncConnection, topic: str, received: Received, now: datetime) -> bool:
        """Waits for another process that is at the same message; then it is not new."""
        seen = {"event": received.id, "topic": topic, "subject": received.subject, "received_at": now}
        return bool((await connection.execute(text(_SEE), seen)).rowcount)


class _Taking:
    """One message in its transaction."""

    def __init__(
        self, connection: AsyncConnection, programmes: Programmes, links: Links, received: Received, now: datetime
    ) -> None:
        self._connection = connection
        self._programmes = programmes
        self._links = links
        self._received = received
        self._now = now
        self._cause = Cause(received.id, received.time)

    async def take(self) -> Decision:
        data = self._received.data
        if isinstance(data, MomentDecided):
            return await self._moment(data)
        if isinstance(data, CaseOpened):
            return await self._case(data)
        if isinstance(data, TroubleTold):
            return await self._trouble(data)
        raise msgspec.ValidationError(f"expected a moment, a case or a trouble, found {type(data).__name__}")

    async def _moment(self, decided: MomentDecided) -> Decision:
        place = {"journey": decided.journey, "touchpoint": decided.touchpoint}
        status = "unknown" if decided.removed else decided.status
        newest = place | {"sequence": self._sequence(decided.decided_at), "status": status}
        if not (await self._run(_HIGHER, newest)).rowcount:
            return Decision(Reason.OLDER_THAN_KNOWN)
        row = (await self._run(_LAST, place)).first()
        change = episode.change(_episode(row.document) if row else None, decided, self._received.id)
        if change.episode is None:
            return Decision(Reason.NOT_RED)
        await self._keep(change, change.episode)
        told = await addressees(self._connection, change.episode.id)
        owners = await self._owners()
        decided_to = decision.decide(change, owners, told, self._links)
        await self._put("episode", change.episode.id, decided_to)
        if change.what not in (What.CLOSED, What.GREEN):
            await self._note_owner(owners.name_of_moment(decided))
        return decided_to

    async def _keep(self, change: Change, after: Episode) -> None:
        values = {
            "id": after.id,
            "journey": after.journey,
            "touchpoint": after.touchpoint,
            "opened_at": after.opened_at,
            "noticed_at": self._now,
            "closed_at": after.closed_at,
            "document": msgspec.json.encode(after).decode(),
        }
        await self._run(_BEGIN_EPISODE if change.what is What.OPENED else _CHANGE_EPISODE, values)

    async def _case(self, opened: CaseOpened) -> Decision:
        thread, at = case.thread_of(opened.case), self._received.time
        values = {
            "id": opened.case,
            "thread": thread,
            "owner": opened.owner,
            "customer": opened.customer,
            "opened_at": at,
            "reply_by": case.reply_by(opened, at),
            "document": msgspec.json.encode(opened).decode(),
        }
        if not (await self._run(_CASE, values)).rowcount:
            return Decision(Reason.SEEN_BEFORE)
        decided = case.decide(opened, at, await self._owners(), self._links)
        await self._put("case", thread, decided)
        await self._note_owner(opened.owner)
        return decided

    async def _trouble(self, told: TroubleTold) -> Decision:
        known = (await self._run(_TROUBLE, {"trouble": told.trouble})).first()
        sequence = self._sequence(self._received.time)
        if known and sequence <= known.sequence:
            return Decision(Reason.OLDER_THAN_KNOWN)
        before = _spell(known.document) if known else None
        spell = _next_spell(before, told, self._received)
        if spell is None:
            return Decision(Reason.SEEN_BEFORE)
        values = {
            "trouble": told.trouble,
            "sequence": sequence,
            "spell": spell.id,
            "kind": told.kind,
            "over_at": spell.over_at,
            "document": msgspec.json.encode(spell).decode(),
        }
        await self._run(_KEEP_TROUBLE, values)
        decided = trouble.decide(spell, await self._owners(), await addressees(self._connection, spell.id))
        await self._put("trouble", spell.id, decided)
        return decided

    def _sequence(self, at: datetime) -> int:
        """Messages of ours have one; of one that has none the instant tells which is later."""
        given = self._received.sequence
        return given if given is not None else int(at.timestamp() * 1_000_000)

    async def _owners(self) -> Directory:
        return await self._programmes.in_force(self._connection, self._now)

    async def _note_owner(self, name: str) -> None:
        why = unheard((await self._owners()).owner(name))
        await broken.note_owner(self._connection, self._programmes, name, why, self._now)

    async def _put(self, what: str, thread: UUID, decided: Decision) -> None:
        await put(self._connection, About(what, thread), decided.deliveries, self._cause, self._now)

    async def _run(self, statement: str, values: dict[str, Any]) -> Any:
        return await self._connection.execute(text(statement), values)


def _next_spell(before: Spell | None, told: TroubleTold, received: Received) -> Spell | None:
    """None where nothing changes: it is known, or over before anybody heard of it."""
    lasts = before is not None and before.over_at is None
    if told.over:
        return trouble.over(before, told, received.time) if before is not None and lasts else None
    return None if lasts else trouble.begun(told, received.id)


_SEE = """
insert into alerts.inbox (event, topic, subject, reason, told, received_at)
values (:event, :topic, :subject, '', 0, :received_at) on conflict do nothing
"""
_NOTE = "update alerts.inbox set reason = :reason, told = :told where event = :event"
# Locks the moment of truth until the transaction ends: two processes decide about it one after the other.
_HIGHER = """
insert into alerts.moments as m (journey, touchpoint, sequence, status)
values (:journey, :touchpoint, :sequence, :status)
on conflict (journey, touchpoint) do update set sequence = excluded.sequence, status = excluded.status
where m.sequence < excluded.sequence
"""
_LAST = """
select document::text as document from alerts.episodes
where journey = :journey and touchpoint = :touchpoint
order by closed_at is not null, opened_at desc, noticed_at desc limit 1
"""
_BEGIN_EPISODE = """
insert into alerts.episodes (id, journey, touchpoint, opened_at, noticed_at, document)
values (:id, :journey, :touchpoint, :opened_at, :noticed_at, cast(:document as jsonb))
"""
_CHANGE_EPISODE = """
update alerts.episodes set closed_at = :closed_at, document = cast(:document as jsonb) where id = :id
"""
_CASE = """
insert into alerts.cases (id, thread, owner, customer, opened_at, reply_by, document)
values (:id, :thread, :owner, :customer, :opened_at, :reply_by, cast(:document as jsonb)) on conflict do nothing
"""
_TROUBLE = """
select sequence, document::text as document from alerts.troubles where trouble = :trouble for update
"""
_KEEP_TROUBLE = """
insert into alerts.troubles (trouble, sequence, spell, kind, over_at, document)
values (:trouble, :sequence, :spell, :kind, :over_at, cast(:document as jsonb))
on conflict (trouble) do update set sequence = excluded.sequence, spell = excluded.spell, kind = excluded.kind,
    over_at = excluded.over_at, document = excluded.document
"""
