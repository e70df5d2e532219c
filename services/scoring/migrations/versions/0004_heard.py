"""Who was heard when, so that one who falls silent is noticed; decisions that nobody can change."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    """
create table scoring.heard (
    kind text not null,
    name text not null,
    quarter int not null,
    primary key (kind, name, quarter)
)
""",
    """
create function scoring.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is never changed: what was decided stays as it was decided', tg_table_name;
end $$
""",
    """
create trigger decisions_stay before update or delete on scoring.decisions
for each statement execute function scoring.refuse_change()
""",
)


def upgrade() -> None:
    """Make the table of voices, and close that of decisions."""
    for statement in STATEMENTS:
        op.execute(statement)
