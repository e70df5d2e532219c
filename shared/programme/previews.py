"""How many customers would switch persona by a programme that is not applied yet (domain.md P8): asked by the command,
answered by scoring, which has the customers and their features. A row of `voc.previews` is question and answer."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.programme.model import Programme
from shared.programme.store import encode

MOST_SHARE = 0.2  # of customers that switch; more wants approval
LEASE_SECONDS = 10.0  # so long after its last page another process takes a preview over
_programme = msgspec.json.Decoder(Programme).decode

Switches = dict[tuple[str, str], int]
"""How many customers go from one persona to another one."""


class Preview(NamedTuple):
    """The answer as far as it is known: `customers` were looked at, and some of them switch."""

    customers: int
    switches: Switches
    finished: bool

    @property
    def switched(self) -> int:
        """How many customers switch."""
        return sum(self.switches.values())

    @property
    def wants_approval(self) -> bool:
        """Whether more switch than may without anybody's approval."""
        return self.switched > MOST_SHARE * self.customers


NOTHING = Preview(0, {}, finished=False)


class Question(NamedTuple):
    """What personas would be if the programme of `document` were to hold from `from_at`."""

    id: int
    document: str
    from_at: datetime

    def programme(self) -> Programme:
        """Raises msgspec.ValidationError where another version of the command has asked than can be read here."""
        return _programme(self.document)


async def anybody(connection: AsyncConnection) -> bool:
    """Whether there is any customer, by the view that scoring has for readers."""
    if await connection.scalar(text("select to_regclass('scoring.read_customers')")) is None:
        return False
    return bool(await connection.scalar(text("select exists (select from scoring.read_customers)")))


async def ask(connection: AsyncConnection, programme: Programme, from_at: datetime) -> int:
    """Put the question; its id."""
    await connection.execute(text("delete from voc.previews where asked_at < now() - interval '1 day'"))
    values = {"document": encode(programme).decode(), "from_at": from_at}
    asked: int = (await connection.execute(text(_ASK), values)).scalar_one()
    return asked


async def read(connection: AsyncConnection, question: int) -> Preview:
    """The answer so far."""
    row = (await connection.execute(text(_READ), {"id": question})).one()
    return Preview(row.customers, {(one, other): n for one, other, n in row.switches}, row.finished)


async def forget(connection: AsyncConnection, question: int) -> None:
    """Nobody waits for the answer any more."""
    await connection.execute(text("delete from voc.previews where id = :id"), {"id": question})


async def claim(connection: AsyncConnection) -> Question | None:
    """A question that nobody is at, for `LEASE_SECONDS`; not read yet, for it stays claimed where it cannot be."""
    row = (await connection.execute(text(_CLAIM), {"seconds": LEASE_SECONDS})).one_or_none()
    return None if row is None else Question(row.id, row.document, row.from_at)


async def answer(connection: AsyncConnection, question: int, preview: Preview) -> bool:
    """Write what is known by now, and go on being at it; whether anybody still waits for it."""
    values: dict[str, Any] = {
        "id": question,
        "seconds": LEASE_SECONDS,
        "customers": preview.customers,
        "switches": msgspec.json.encode([(*pair, n) for pair, n in sorted(preview.switches.items())]).decode(),
        "finished": preview.finished,
    }
    return bool((await connection.execute(text(_ANSWER), values)).rowcount)


_ASK = """
insert into voc.previews (document, from_at) values (cast(:document as jsonb), :from_at) returning id
"""
_READ = "select customers, switches, finished from voc.previews where id = :id"
_CLAIM = """
update voc.previews set claimed_until = clock_timestamp() + make_interval(secs => :seconds)
where id = (select id from voc.previews
            where not finished and (claimed_until is null or claimed_until < now())
              and asked_at > now() - interval '1 hour'
            order by id limit 1 for update skip locked)
returning id, document::text as document, from_at
"""
_ANSWER = """
update voc.previews set customers = :customers, switches = cast(:switches as jsonb), finished = :finished,
    claimed_until = clock_timestamp() + make_interval(secs => :seconds)
where id = :id
"""
