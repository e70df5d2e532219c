"""What a scoring process is doing in the database now, as the server sees it."""

from tests.road import fetch

# The transaction that folds is the one that has moved the offsets on and holds them.
_FOLDING = """
select a.state from pg_stat_activity a join pg_locks l using (pid)
where a.application_name = $1 and a.datname = current_database() and a.backend_xid is not null
  and l.relation = to_regclass('scoring.offsets') and l.mode = 'RowExclusiveLock'
"""


async def folding(database: str, slot: int) -> list[str]:
    """The states (`active`, `idle in transaction`) of the folding transactions that the process of `slot` has open."""
    return [row["state"] for row in await fetch(database, _FOLDING, f"voc-scoring-{slot}")]
