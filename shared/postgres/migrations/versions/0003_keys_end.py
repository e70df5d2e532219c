"""Keys that expire, that another one stands in for, and that may send only so much."""

from alembic import op

revision = "0003"
down_revision = "0002"

COLUMNS = """
alter table voc.keys
    add column expires_at timestamptz,
    add column last_used_at timestamptz,  -- within a minute or so
    add column replaces text unique references voc.keys (name),  -- a key is rotated once
    add column rate double precision check (rate > 0),  -- events a second, and
    add column burst integer check (burst > 0),  -- so many of them at once
    add check ((rate is null) = (burst is null))
"""


def upgrade() -> None:
    """Add the columns; keys of before hold for ever, and send what they like."""
    op.execute(COLUMNS)
