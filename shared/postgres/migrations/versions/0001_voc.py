"""Versions of the programme, and access keys."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    create table voc.programme_versions (
        id bigint generated always as identity primary key,
        valid_from timestamptz unique nulls not distinct,  -- null: from the beginning of time, the first version alone
        applied_at timestamptz not null,
        document jsonb not null,
        digest text not null
    )
    """,
    """
    create function voc.refuse_change() returns trigger language plpgsql as $$
    begin
        raise exception 'a version of the programme never changes; apply a new one';
    end $$
    """,
    """
    create trigger never_changed before update or delete on voc.programme_versions
        for each row execute function voc.refuse_change()
    """,
    """
    create table voc.keys (
        id bigint generated always as identity primary key,
        name text not null unique,
        scope text not null check (scope in ('ingest', 'read', 'alerts', 'admin')),
        digest bytea not null unique,
        created_at timestamptz not null default now(),
        revoked_at timestamptz
    )
    """,
)


def upgrade() -> None:
    """Make the schema's first tables."""
    for statement in STATEMENTS:
        op.execute(statement)
