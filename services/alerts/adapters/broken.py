"""Receivers that refuse whatever is said to them: the programme's admin hears of each once, and when it is mended."""

from datetime import datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerts.adapters.conversations import About, Cause, addressees, put
from services.alerts.adapters.programmes import Programmes
from services.alerts.domain import trouble
from services.alerts.domain.directory import Addressee
from services.alerts.domain.trouble import Spell, broken_receiver

_spell = msgspec.json.Decoder(Spell).decode


async def note(connection: AsyncConnection, programmes: Programmes, to: Addressee, reason: str, now: datetime) -> None:
    """It is broken; the first time that this is seen the admin is told, but not there."""
    spell = broken_receiver(to, reason, now)
    values = {"channel": to.channel, "address": to.address, "since": now, "document": _written(spell)}
    if not (await connection.execute(text(_BROKEN), values)).rowcount:
        return
    decided = trouble.decide(spell, await programmes.in_force(connection, now), (), but=to)
    cause = Cause(f"{spell.id} begins", now)
    await put(connection, About("trouble", spell.id), decided.deliveries, cause, now)


async def mended(connection: AsyncConnection, programmes: Programmes, to: Addressee, now: datetime) -> None:
    """Something arrived there: if it was broken, whoever was to hear of that hears of this."""
    row = (await connection.execute(text(_MENDED), {"channel": to.channel, "address": to.address})).first()
    if row is None:
        return
    await connection.execute(text(_GO_ON), {"channel": to.channel, "address": to.address, "now": now})
    spell = trouble.mended(_spell(row.document), now)
    told = await addressees(connection, spell.id)
    decided = trouble.decide(spell, await programmes.in_force(connection, now), told)
    await put(connection, About("trouble", spell.id), decided.deliveries, Cause(f"{spell.id} ends", now), now)


def _written(spell: Spell) -> str:
    return msgspec.json.encode(spell).decode()


_BROKEN = """
insert into alerts.broken_receivers (channel, address, since, document)
values (:channel, :address, :since, cast(:document as jsonb)) on conflict do nothing
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
