"""UTC days: a copy of the counts for long windows, and what came late to them."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    """
create table scoring.days (
    series int not null,
    day int not null,
    value int not null,
    n bigint not null,
    primary key (series, day, value)
)
""",
    "create table scoring.late (series int not null, day int not null)",
    """
create table scoring.summing (
    single boolean primary key default true check (single),
    marked int not null,
    first int not null,
    summed int not null
)
""",
    "insert into scoring.summing (marked, first, summed) values (0, 0, 0)",
)


def upgrade() -> None:
    """Make the tables; the evaluator fills them."""
    for statement in STATEMENTS:
        op.execute(statement)
