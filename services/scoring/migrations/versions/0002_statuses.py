"""Statuses: how measures and moments stand, every decision with its evidence, the evaluator's beat."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
alter table scoring.offsets add column old_applied_at timestamptz;

create table scoring.measures (
    journey text not null,
    major int not null,
    touchpoint text not null,
    metric text not null,
    stat text not null,
    scale text not null,
    "window" int not null,
    standing jsonb not null,
    primary key (journey, major, touchpoint, metric, stat, scale, "window")
) with (fillfactor = 50);

create table scoring.moments (
    journey text not null,
    touchpoint text not null,
    standing jsonb not null,
    primary key (journey, touchpoint)
) with (fillfactor = 50);

create table scoring.decisions (
    id bigint generated always as identity primary key,
    journey text not null,
    major int not null,
    touchpoint text not null,
    metric text not null,
    stat text not null,
    scale text not null,
    "window" int not null,
    decided_at timestamptz not null,
    known_at timestamptz not null,
    programme int not null,
    rule text not null,
    reason text not null,
    status text not null,
    record jsonb not null
);
create index decisions_of_measure on scoring.decisions (journey, touchpoint, decided_at desc);
alter table scoring.decisions alter record set statistics 0;

create sequence scoring.moment_sequence;

create table scoring.troubles (
    trouble text primary key,
    told jsonb not null
);

create table scoring.beat (single boolean primary key default true check (single), at timestamptz not null);
"""

VIEWS = """
create view scoring.read_measures as
select journey, major, touchpoint, metric, nullif(stat, '') as stat, nullif(scale, '') as scale, "window",
       coalesce(standing->'state'->>'status', 'unknown') as status, (standing->>'since')::timestamptz as since,
       (standing->>'looked_at')::timestamptz as decided_at, coalesce((standing->>'initial')::boolean, false) as initial,
       coalesce((standing->>'incomplete')::boolean, false) as incomplete,
       (standing->>'held_since')::timestamptz as held_since
from scoring.measures;

create view scoring.read_moments as
select journey, (standing->>'major')::int as major, touchpoint, standing->>'status' as status,
       (standing->>'since')::timestamptz as since, (standing->>'decided_at')::timestamptz as decided_at,
       coalesce((standing->>'initial')::boolean, false) as initial,
       coalesce((standing->>'incomplete')::boolean, false) as incomplete
from scoring.moments;

create view scoring.read_decisions as
select id, journey, major, touchpoint, metric, nullif(stat, '') as stat, nullif(scale, '') as scale, "window",
       decided_at, known_at, programme, rule, reason, status, record
from scoring.decisions;

create view scoring.read_beat as select at from scoring.beat;
"""


def upgrade() -> None:
    """Make the tables and views of statuses."""
    for block in (TABLES, VIEWS):
        for statement in block.split(";\n"):
            if statement.strip():
                op.execute(statement)
