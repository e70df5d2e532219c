"""A statement a question about the quarantine. Index: the primary key, quarantine_by_state, quarantine_by_source."""

from typing import NamedTuple

MOST_AT_ONCE = 100
MOST_BYTES = 8 * 1024 * 1024  # of a chunk, and one more
MOST_COUNTED = 10_000  # of what is left: a replay of a million asks ten thousand times

_COLUMNS = """
id, source, door, origin, reason, kind, content_type, authentic, first_seen, last_seen, times,
octet_length(value) as size, state, settled_at, tried_at, refusal
"""
_MATCHES = """
    (cast(:source as text) is null or source = :source)
    and (cast(:door as text) is null or door = :door)
    and (cast(:reason as text) is null or reason ilike :reason or kind = :kind)
    and (cast(:since as timestamptz) is null or last_seen >= :since)
    and (cast(:until as timestamptz) is null or last_seen < :until)
"""
# What waits, unless it says another state.
_BY_FILTER = f"{_MATCHES} and state = coalesce(cast(:state as text), 'waiting')"
# Also what was dismissed, never what was replayed.
_BY_IDS = "id = any(cast(:ids as bigint[])) and state <> 'replayed'"

LIST = f"""
select {_COLUMNS} from ingest.quarantine
where {_MATCHES} and (cast(:state as text) is null or state = :state)
    and (cast(:before as bigint) is null or id < :before)
order by id desc limit :limit
"""
ONE = f"select {_COLUMNS}, problems, headers, value from ingest.quarantine where id = :id"
WAITING = "select count(*) from ingest.quarantine where state = 'waiting'"
GROUPS = """
select source, door, kind, count(*) filter (where state = 'waiting') as waiting,
    count(*) filter (where state = 'replayed') as replayed, count(*) filter (where state = 'dismissed') as dismissed,
    cast(sum(times) as bigint) as times, max(last_seen) as last_seen
from ingest.quarantine group by source, door, kind order by waiting desc, last_seen desc limit 500
"""
_WHOLE = "id, door, source, origin, reason, kind, content_type, authentic, first_seen, problems, headers, value"
LOOK = f"select {_WHOLE} from ingest.quarantine where id = any(cast(:ids as bigint[]))"
# Of two at once the second waits for the first one's commit, and then finds the lease. What was replayed since is left.
LEASE = f"""
update ingest.quarantine set leased_until = now() + interval '30 seconds'
where id = any(cast(:ids as bigint[])) and state <> 'replayed' and (leased_until is null or leased_until < now())
returning {_WHOLE}
"""
WENT = """
update ingest.quarantine set state = 'replayed', settled_at = :at, tried_at = :at, refusal = null, leased_until = null
where id = any(cast(:ids as bigint[]))
"""
REFUSED = "update ingest.quarantine set tried_at = :at, refusal = :why, leased_until = null where id = :id"
FREE = "update ingest.quarantine set leased_until = null where id = any(cast(:ids as bigint[]))"


class Chosen(NamedTuple):
    """The statements about what is chosen: by ids and by a filter PostgreSQL takes another way each."""

    pick: str
    left: str
    every: str
    dismiss: str


def chosen(*, by_ids: bool) -> Chosen:
    """`pick` is a chunk after `:after`, `left` how many come after that, up to `MOST_COUNTED`."""
    which = _BY_IDS if by_ids else _BY_FILTER
    after = f"from ingest.quarantine where {which} and id > :after"
    return Chosen(
        pick=f"""
select id from (
    select id, sum(octet_length(value)) over (order by id) - octet_length(value) as before
    from (select id, value {after} order by id limit {MOST_AT_ONCE}) oldest
) picked
where before <= {MOST_BYTES} order by id
""",
        left=f"select count(*) from (select 1 {after} limit {MOST_COUNTED}) rest",
        every=f"select count(*) from ingest.quarantine where {which}",
        dismiss=f"""
update ingest.quarantine set state = 'dismissed', settled_at = :at
where {which} and state = 'waiting' and (leased_until is null or leased_until < now())
""",
    )
