"""The last episode of a moment of truth, and what is due in its order, are found by an index."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "create index episodes_of_moment on alerts.episodes (journey, touchpoint)",
    """
create index conversations_in_turn on alerts.conversations ((about = 'case'), due_at, id) where due_at is not null
""",
    "drop index alerts.conversations_due",
)


def upgrade() -> None:
    """Make them; the former one of all that is due says nothing more."""
    for statement in STATEMENTS:
        op.execute(statement)
