"""The deliveries that wait: claimed by lease and fence, marked before the call, settled after it (docs/alerts.md)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.alerts.adapters import broken, statements
from services.alerts.adapters.claimed import Claimed, Result
from services.alerts.adapters.programmes import Programmes
from services.alerts.domain.conversation import Find, Rest, Send, State, Waiting, kind_of, next_step
from services.alerts.domain.directory import Addressee
from services.alerts.domain.letter import Letter

_letter = msgspec.json.Decoder(Letter).decode


class Queue:
    """Shared by all dispatchers of all processes. `paces` has the channels that are served here, each with the shortest
    time between two messages to one address. A lease is renewed while a call is under way, and its last quarter is for
    clocks that differ and for writing down what came of the call: nobody calls in it."""

    def __init__(
        self,
        engine: AsyncEngine,
        programmes: Programmes,
        *,
        lease: timedelta,
        paces: Mapping[str, timedelta | None],
    ) -> None:
        self._engine = engine
        self._programmes = programmes
        self.lease = lease
        self.renew_each = lease / 4
        self._paces = paces

    async def claim(self, now: datetime, most: int) -> list[Claimed]:
        """Step 2: take on the next delivery of up to `most` conversations that are due and whose receivers are free."""
        async with self._engine.begin() as connection:
            values = {"now": now, "most": most, "channels": list(self._paces)}
            rows = (await connection.execute(text(statements.DUE), values)).all()
            found = [await self._take_on(connection, row, now) for row in sorted(rows, key=_turn)]
            return [one for one in found if one is not None]

    async def begin(self, claimed: Claimed, now: datetime) -> bool:
        """Step 3: write down that the call is about to be made. False: somebody else has it by now."""
        async with self._engine.begin() as connection:
            if not await self._is_ours(connection, claimed):
                return False
            await connection.execute(text(statements.TRY), _trying(claimed, now))
            if not claimed.find:
                await connection.execute(text(statements.SENDING), {"id": claimed.id, "now": now})
            return True

    async def renew(self, claimed: Claimed, now: datetime) -> bool:
        """The call is under way still. False: somebody else has it by now."""
        values = {"id": claimed.conversation, "fence": claimed.fence, "lease_until": now + self.lease}
        async with self._engine.begin() as connection:
            return bool((await connection.execute(text(statements.RENEW), values)).rowcount)

    def still_ours(self, claimed: Claimed, now: datetime) -> bool:
        """Whether a call may be begun."""
        return now < self.ours_until(claimed.lease_until)

    def ours_until(self, lease_until: datetime) -> datetime:
        """By when a call is over or its lease renewed."""
        return lease_until - self.lease / 4

    async def settle(self, claimed: Claimed, result: Result, now: datetime) -> bool:
        """Step 5: write down what came of it. False: somebody else has it by now, and what we know is void."""
        async with self._engine.begin() as connection:
            if not await self._is_ours(connection, claimed):
                return False
            values = _settled(claimed, result, now)
            await connection.execute(text(statements.TRIED), values)
            await connection.execute(text(statements.SETTLE), values)
            await connection.execute(text(statements.GO_ON), values)
            if result.pause is not None:
                await self._pause(connection, claimed.to, now + result.pause)
            if result.broken:
                await broken.note(connection, self._programmes, claimed.to, result.answer or "", now)
            elif result.state == State.DELIVERED and not claimed.edit:
                await broken.mended(connection, self._programmes, claimed.to, now)
            return True

    async def next_at(self) -> datetime | None:
        """When the next conversation will be due, None while nothing waits."""
        async with self._engine.connect() as connection:
            found: datetime | None = await connection.scalar(text(statements.NEXT), {"channels": list(self._paces)})
            return found

    async def _take_on(self, connection: AsyncConnection, row: Row[Any], now: datetime) -> Claimed | None:
        waiting = (await connection.execute(text(statements.WAITING), {"conversation": row.id})).all()
        step = next_step(tuple(_waiting(one) for one in waiting), told=row.root is not None)
        if isinstance(step, Rest):
            await self._overtake(connection, step.overtaken, None, now)
            await connection.execute(text(statements.REST), {"id": row.id})
            return None
        if not await self._free(connection, row, step, now):
            return None
        if isinstance(step, Send):
            await self._overtake(connection, step.overtaken, step.id, now)
        (chosen,) = (one for one in waiting if one.id == step.id)
        claimed = self._claimed(row, chosen, step, now)
        if claimed.find and row.root is None:
            claimed = msgspec.structs.replace(claimed, earlier=await self._earlier(connection, row))
        await connection.execute(text(statements.CLAIM), _claim(claimed))
        await connection.execute(text(statements.LEASE), _claim(claimed))
        return claimed

    @staticmethod
    async def _earlier(connection: AsyncConnection, row: Row[Any]) -> str | None:
        values = {"channel": row.channel, "address": row.address}
        found: str | None = await connection.scalar(text(statements.EARLIER), values)
        return found

    async def _free(self, connection: AsyncConnection, row: Row[Any], step: Send | Find, now: datetime) -> bool:
        """Take the receiver's next free moment. Looking and changing a message cost none of those for new ones."""
        pace = self._paces.get(row.channel)
        if pace is None or isinstance(step, Find) or step.edit:
            return True
        values = {"channel": row.channel, "address": row.address, "now": now, "free_at": now + pace}
        return bool((await connection.execute(text(statements.TAKE_TOKEN), values)).rowcount)

    def _claimed(self, row: Row[Any], chosen: Row[Any], step: Send | Find, now: datetime) -> Claimed:
        return Claimed(
            id=step.id,
            conversation=row.id,
            thread=row.thread,
            to=Addressee(row.channel, row.address, row.name, row.zone),
            root=row.root,
            letter=step.letter,
            edit=step.edit,
            find=isinstance(step, Find),
            left=chosen.state in (State.CLAIMED, State.SENDING),
            tries=chosen.tries + 1,
            lost=chosen.lost,
            refused=chosen.refused,
            tried_at=chosen.tried_at,
            caused_at=chosen.caused_at,
            fence=row.fence + 1,
            lease_until=now + self.lease,
        )

    @staticmethod
    async def _overtake(connection: AsyncConnection, ids: tuple[UUID, ...], by: UUID | None, now: datetime) -> None:
        if ids:
            await connection.execute(text(statements.OVERTAKE), {"ids": list(ids), "by": by, "now": now})

    @staticmethod
    async def _is_ours(connection: AsyncConnection, claimed: Claimed) -> bool:
        values = {"id": claimed.conversation, "fence": claimed.fence}
        return bool(await connection.scalar(text(statements.OURS), values))

    @staticmethod
    async def _pause(connection: AsyncConnection, to: Addressee, until: datetime) -> None:
        values = {"channel": to.channel, "address": to.address, "free_at": until}
        await connection.execute(text(statements.PAUSE), values)


def _turn(row: Row[Any]) -> tuple[Any, ...]:
    """Receivers in one order, whoever claims: no deadlock. Of one receiver's, what is red comes before cases."""
    return (row.channel, row.address, row.can_wait, row.due_at)


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(id=row.id, letter=_letter(row.letter), edit=row.edit, state=State(row.state))


def _claim(claimed: Claimed) -> dict[str, object]:
    return {
        "id": claimed.id,
        "conversation": claimed.conversation,
        "state": (State.UNCLEAR if claimed.find else State.CLAIMED).value,
        "kind": kind_of(claimed.letter),
        "letter": msgspec.json.encode(claimed.letter).decode(),
        "tries": claimed.tries,
        "fence": claimed.fence,
        "lease_until": claimed.lease_until,
    }


def _trying(claimed: Claimed, now: datetime) -> dict[str, object]:
    what = "find" if claimed.find else "send"
    return {"id": claimed.id, "fence": claimed.fence, "what": what, "now": now}


def _settled(claimed: Claimed, result: Result, now: datetime) -> dict[str, object]:
    final = result.state in (State.DELIVERED, State.FAILED)
    return {
        "id": claimed.id,
        "conversation": claimed.conversation,
        "fence": claimed.fence,
        "now": now,
        "state": result.state,
        "outcome": result.outcome,
        "answer": result.answer,
        "reference": result.reference,
        "done_at": now if final else None,
        "due_at": now if final or result.again_at is None else result.again_at,
        "root": None if claimed.edit else result.reference,
    }
