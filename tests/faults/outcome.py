"""What scoring has come to in a database, so that two runs can be compared to the last bit."""

from tests.road import fetch, until

# A timer that fired in one run may find its promise kept already in another: it leaves a row of the timeline and an
# entry of `fired`, whose net effect, the promises as decided and the counts, must be the same.
_TABLES = {
    "counts": "select * from scoring.read_counts",
    "customers": "select * from scoring.customers",
    "instances": """
        select customer, journey, instance, fire_at, state - 'promises' as run,
               (select jsonb_object_agg(key, value - 'fired') from jsonb_each(state -> 'promises')) as promises
        from (select customer, journey, instance, fire_at, convert_from(state, 'UTF8')::jsonb as state
              from scoring.instances) i
    """,
    "promises": "select * from scoring.read_promises",
    "responses": "select * from scoring.responses",
    "seen": "select * from scoring.seen",
    "timeline": """
        select customer, time, received_at, identity, id, source, type, journey, touchpoint, instance, programme, fold,
               event
        from scoring.timeline where source <> 'voc:scoring'
    """,
    "offsets": "select topic, partition, next_offset, last_offset, last_timestamp, last_identity from scoring.offsets",
}


async def differences(one: str, other: str) -> list[str]:
    """Where two databases differ, by table, with rows that only one of them has."""
    found = []
    for table, query in _TABLES.items():
        if await _digest(one, query) != await _digest(other, query):
            rows = [{str(tuple(row)) for row in await fetch(database, query)} for database in (one, other)]
            only = [sorted(rows[0] - rows[1])[:2], sorted(rows[1] - rows[0])[:2]]
            found.append(f"{table}: {len(rows[0])} and {len(rows[1])} rows; only in the one {only[0]}, other {only[1]}")
    return found


async def repeated_rows(database: str) -> int:
    """How many rows of the timeline are there twice, timers included."""
    rows = await fetch(database, "select count(*) - count(distinct identity) as repeated from scoring.timeline")
    repeated: int = rows[0]["repeated"]
    return repeated


async def timers(database: str) -> set[bytes]:
    """The identities of all timers that fired."""
    return {
        row[0] for row in await fetch(database, "select identity from scoring.timeline where source = 'voc:scoring'")
    }


async def until_timers_fired(database: str, *, within: float) -> None:
    """Wait until no promise is overdue that was not declared missed."""

    async def none_due() -> bool:
        return not await fetch(database, "select from scoring.instances where fire_at < now() limit 1")

    await until(none_due, within=within)


async def _digest(database: str, query: str) -> tuple[int, str]:
    statement = f"select count(*), md5(string_agg(md5(t::text), '' order by md5(t::text))) from ({query}) t"
    row = (await fetch(database, statement))[0]
    return row[0], row[1]
