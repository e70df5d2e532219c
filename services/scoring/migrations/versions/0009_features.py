"""What personas weigh of a customer, for readers: they weigh it by the same rules."""

from alembic import op

revision = "0009"
down_revision = "0005"

VIEW = """
create view scoring.read_features as
select customer, json_build_object(
           'first_at', state->'first_at',
           'attributes', coalesce(state->'attributes', '{}'), 'actions', coalesce(state->'actions', '{}'),
           'channels', coalesce(state->'channels', '{}'), 'amounts', state->'amounts',
           'scores', coalesce(state->'scores', '{}'), 'outcomes', coalesce(state->'outcomes', '{}'),
           'promises_missed', coalesce(state->'promises_missed', '0')
       ) as features
from (select customer, convert_from(state, 'UTF8')::json as state from scoring.customers) c
"""
COMMENT = "comment on view scoring.read_features is 'As shared/programme/weigh/features.py reads it'"


def upgrade() -> None:
    """Show features, and nothing else of a customer's state."""
    op.execute(VIEW)
    op.execute(COMMENT)
