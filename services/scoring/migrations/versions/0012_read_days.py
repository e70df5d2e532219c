"""Days, what came late to them and which of them are summed, for readers of long windows."""

from alembic import op

revision = "0012"
down_revision = "0011"

VIEWS = (
    """
create view scoring.read_days as
select s.journey, s.major, s.touchpoint, s.perspective, s.metric, s.scale, s.persona, s.channel, d.day, d.value, d.n
from scoring.days d join scoring.series s using (series)
""",
    """
create view scoring.read_late as
select s.journey, s.major, s.touchpoint, s.perspective, s.metric, s.scale, s.persona, s.channel, l.day, l.value, l.n
from scoring.late l join scoring.series s using (series)
""",
    'create view scoring.read_summed as select first, summed as "until" from scoring.summing',
    """
comment on view scoring.read_days is
    'How often a value was given on a day since 1970-01-01 UTC, of days in read_summed; read_late is to be added'
""",
    "comment on view scoring.read_late is 'What came late to days: to be added to them, by the same snapshot'",
    "comment on view scoring.read_summed is 'Days from first on and before until are in read_days'",
)


def upgrade() -> None:
    """Make the views."""
    for statement in VIEWS:
        op.execute(statement)
