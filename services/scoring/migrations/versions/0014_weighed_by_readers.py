"""Readers weigh a customer for themselves (`read_features`): no evidence is kept beside the persona any more."""

from alembic import op

revision = "0014"
down_revision = "0013"

VIEW = """
create view scoring.read_customers as
select customer, (state->>'first_at')::timestamptz as first_at, (state->>'last_at')::timestamptz as last_at,
       state->>'persona' as persona, (state->>'since')::timestamptz as since,
       array(select json_object_keys(coalesce(state->'identifiers', '{}'))) as identifiers,
       (state->'decided'->>1)::int as programme,
       greatest((state->>'last_at')::timestamptz, (state->>'reviewed_at')::timestamptz) as weighed_at
from (select customer, convert_from(state, 'UTF8')::json as state from scoring.customers) c
"""
COMMENT = "comment on view scoring.read_customers is 'Who a customer is, by which version of the programme'"


def upgrade() -> None:
    """Leave score, coverage, confidence and reasons out of the view of customers."""
    op.execute("drop view scoring.read_customers")
    op.execute(VIEW)
    op.execute(COMMENT)
