"""What came late says how many, so that it is added to a day and the day need not be summed again.

Rows of before do not say it: days are summed anew. The lock waits for whoever may be adding such rows.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    "lock table scoring.late in access exclusive mode",
    "truncate scoring.late, scoring.days",
    "alter table scoring.late add column value int not null, add column n bigint not null",
    "update scoring.summing set marked = 0, first = 0, summed = 0",
)


def upgrade() -> None:
    """Widen the table, and begin the copy again; the evaluator fills it."""
    for statement in STATEMENTS:
        op.execute(statement)
