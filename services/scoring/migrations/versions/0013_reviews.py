"""Whom a new version of the programme was not asked about yet; at which instant a customer is weighed."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS = (
    """
create table scoring.reviews (
    programme bigint primary key,
    after text not null default '',
    customers bigint not null,
    reviewed bigint not null default 0,
    switched bigint not null default 0,
    finished boolean not null default false
)
""",
    "create table scoring.left_behind (customer text primary key)",
    """
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
       (state->'decided'->>1)::int as programme,
       greatest((state->>'last_at')::timestamptz, (state->>'reviewed_at')::timestamptz) as weighed_at
from (select customer, convert_from(state, 'UTF8')::json as state from scoring.customers) c
""",
)


def upgrade() -> None:
    """Make the tables; add the instant to the view of customers."""
    for statement in STATEMENTS:
        op.execute(statement)
