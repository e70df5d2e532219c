"""How the moments of a run through a journey were scored, for readers: peak and end follow from them."""

from alembic import op

revision = "0011"
down_revision = "0010"

VIEW = """
create view scoring.read_scores as
select customer, journey, instance, split_part(said.key, ':', 1) as response,
       substr(said.key, strpos(said.key, ':') + 1) as answer, said.value->>1 as touchpoint, said.value->>2 as metric,
       (said.value->>3)::float8 / 1000000 as score, (said.value->0->>0)::timestamptz as time,
       said.value->0->>1 as source, said.value->0->>2 as id
from (select customer, journey, instance, convert_from(state, 'UTF8')::json as state from scoring.instances) i,
     json_each(coalesce(state->'moments', '{}')) said
where instance <> ''
"""
COMMENT = "comment on view scoring.read_scores is 'Answers of a run on 0-100; those of one response are one moment'"


def upgrade() -> None:
    """Make the view."""
    op.execute(VIEW)
    op.execute(COMMENT)
