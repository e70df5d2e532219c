"""What was announced and waits to be fetched from a provider's API."""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLE = """
create table ingest.notices (
    id bigint generated always as identity primary key,
    source text not null,
    notice text not null,
    said jsonb,
    delivery bytea,
    received_at timestamptz not null,
    begun_at timestamptz not null default now(),
    absent_at timestamptz,
    next_at timestamptz not null default now(),
    tries int not null default 0,
    says text not null default '',
    ended_at timestamptz,
    unique (source, notice)
)
"""
DUE = "create index notices_due on ingest.notices (next_at) where ended_at is null"
ENDED = "create index notices_ended on ingest.notices (ended_at) where ended_at is not null"


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLE)
    op.execute(DUE)
    op.execute(ENDED)
