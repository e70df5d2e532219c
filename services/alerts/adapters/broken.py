"""Receivers that refuse whatever is said to them, and owners who have none that can be told anything: the programme's
admin hears of each once, and when it is mended."""

from datetime import datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts.adapters.conversations import About, Cause, addressees, put
from services.alerts.adapters.programmes import Programmes
from services.alerts.domain import trouble
from services.alerts.domain.directory import Addressee
from services.alerts.domain.trouble import Spell, broken_receiver, unheard_owner

_spell = msgspec.json.Decoder(Spell).decode
_OWNER = "owner"
"""Stands where a receiver's channel does: an owner who cannot be told at all."""


async def note(connection: AsyncConnection, programmes: Programmes, to: Addressee, reason: str, now: datetime) -> None:
    """It is broken; the first time that this is seen and there is somebody to be told, the admin is, but not there."""
    await _begins(connection, programmes, to.place, broken_receiver(to, reason, now), now, but=to)


async def mended(connection: AsyncConnection, programmes: Programmes, to: Addressee, now: datetime) -> None:
    """Something arrived there: if it was broken, whoever was to hear of that hears of this, and what waits goes."""
    if await _ends(connection, programmes, to.place, now):
        await connection.execute(text(_GO_ON), {"channel": to.channel, "address": to.address, "now": now})


async def note_owner(
    connection: AsyncConnection, programmes: Programmes, name: str, unheard: str | None, now: datetime
) -> None:
    """There is something to be said to this owner: the admin hears of it where nobody can be told, and of its end."""
    place = (_OWNER, name)
    if unheard is None:
        await _ends(connection, programmes, place, now)
    else:
        await _begins(connection, programmes, place, unheard_owner(name, unheard, now), now)


async def _begins(
    connection: AsyncConnection,
    programmes: Programmes,
    place: tuple[str, str],
    begun: Spell,
    now: datetime,
    *,
    but: Addressee | None = None,
) -> None:
    """Where this is known and nobody could be told of it then, whoever can be by now is."""
    spell = await _lasting(connection, place, begun, now)
    if spell is None:
        return
    told = await addressees(connection, spell.id)
    if any(one.cannot is None for one in told):
        return
    decided = trouble.decide(spell, await programmes.in_force(connection, now), (), but=but)
    known = {one.place for one in told}
    new = [planned for planned in decided.deliveries if planned.to.place not in known]
    await put(connection, About("trouble", spell.id), new, Cause(f"{spell.id} begins", now), now)


async def _lasting(connection: AsyncConnection, place: tuple[str, str], begun: Spell, now: datetime) -> Spell | None:
    """The spell of a place: `begun`, where none lasts there. None while somebody else is at it."""
    values = {"channel": place[0], "address": place[1], "since": now, "document": _written(begun)}
    if (await connection.execute(text(_BROKEN), values)).rowcount:
        return begun
    row = (await connection.execute(text(_LASTS), {"channel": place[0], "address": place[1]})).first()
    return _spell(row.document) if row is not None else None


async def _ends(connection: AsyncConnection, programmes: Programmes, place: tuple[str, str], now: datetime) -> bool:
    row = (await connection.execute(text(_MENDED), {"channel": place[0], "address": place[1]})).first()
    if row is None:
        return False
    spell = trouble.mended(_spell(row.document), now)
    told = await addressees(connection, spell.id)
    decided = trouble.decide(spell, await programmes.in_force(connection, now), told)
    await put(connection, About("trouble", spell.id), decided.deliveries, Cause(f"{spell.id} ends", now), now)
    return True


def _written(spell: Spell) -> str:
    return msgspec.json.encode(spell).decode()


_BROKEN = """
insert into alerts.broken_receivers (channel, address, since, document)
values (:channel, :address, :since, cast(:document as jsonb)) on conflict do nothing
"""
_LASTS = """
select document::text as document from alerts.broken_receivers where channel = :channel and address = :address
for update skip locked
"""
_MENDED = """
delete from alerts.broken_receivers where channel = :channel and address = :address
returning document::text as document
"""
# Whatever waits for its next attempt there. Who is busy with one of them will see for himself; a mail whose answer was
# lost is not to be sent again any sooner.
_GO_ON = """
update alerts.conversations set due_at = :now where id in (
    select id from alerts.conversations c
    where channel = :channel and address = :address and due_at > :now and lease_until is null and not exists (
        select from alerts.deliveries d join alerts.attempts a on a.delivery = d.id
        where d.conversation = c.id and d.done_at is null and a.outcome in ('unclear', 'fault')
    ) for update skip locked
)
"""
