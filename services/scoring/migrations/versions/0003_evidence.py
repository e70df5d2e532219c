"""What a customer's persona was decided by: score, coverage, reasons and the version of the rules, for readers."""

from alembic import op

revision = "0003"
down_revision = "0002"

VIEW = """
create or replace view scoring.read_customers as
select customer, (state->>'first_at')::timestamptz as first_at, (state->>'last_at')::timestamptz as last_at,
       state->>'persona' as persona, (state->>'since')::timestamptz as since,
       coalesce((state->'evidence'->>3)::float8, 0) as confidence,
       coalesce(
           (select json_agg(
                       json_build_object('feature', r->0, 'value', r->1, 'weight', r->2, 'contribution', r->3)
                       order by place)
            from json_array_elements(state->'evidence'->4) with ordinality as reason(r, place)),
           '[]'
       ) as reasons,
       array(select json_object_keys(coalesce(state->'identifiers', '{}'))) as identifiers,
       coalesce((state->'evidence'->>0)::float8, 0) as score, coalesce((state->'evidence'->>1)::float8, 0) as coverage,
       (state->'decided'->>1)::int as programme
from (select customer, convert_from(state, 'UTF8')::json as state from scoring.customers) c
"""


def upgrade() -> None:
    """Show the evidence of decisions in the view of customers."""
    op.execute(VIEW)
