"""Whether a customer's treatment was skipped, as it was decided: readers must not decide it otherwise."""

from alembic import op

revision = "0015"
down_revision = "0014"

VIEW = """
create or replace view scoring.read_customers as
select customer, (state->>'first_at')::timestamptz as first_at, (state->>'last_at')::timestamptz as last_at,
       state->>'persona' as persona, (state->>'since')::timestamptz as since,
       array(select json_object_keys(coalesce(state->'identifiers', '{}'))) as identifiers,
       (state->'decided'->>1)::int as programme,
       greatest((state->>'last_at')::timestamptz, (state->>'reviewed_at')::timestamptz) as weighed_at,
       coalesce((state->'decided'->>2)::bigint < 0, false) as treatment_skipped
from (select customer, convert_from(state, 'UTF8')::json as state from scoring.customers) c
"""


def upgrade() -> None:
    """Add the column to the view of customers."""
    op.execute(VIEW)
