"""What a programme would change, asked by whoever is about to apply it and answered by scoring."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLE = """
create table voc.previews (
    id bigint generated always as identity primary key,
    document jsonb not null,
    from_at timestamptz not null,
    asked_at timestamptz not null default now(),
    claimed_until timestamptz,
    customers bigint not null default 0,
    switches jsonb not null default '[]',
    finished boolean not null default false
)
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLE)
