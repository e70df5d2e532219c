"""Offsets, what was seen, timeline, customers, instances, promises, responses, counts, outbox; views for readers."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
create table scoring.offsets (
    topic text not null,
    partition int not null,
    next_offset bigint not null,
    cluster_id text not null,
    last_offset bigint,
    last_timestamp bigint,
    last_identity bytea,
    primary key (topic, partition)
) with (fillfactor = 50);

create table scoring.seen (identity uuid primary key);

create table scoring.timeline (
    position bigint generated always as identity,
    customer text,
    time timestamptz not null,
    received_at timestamptz not null,
    identity bytea not null,
    id text not null,
    source text not null,
    type text not null,
    journey text,
    touchpoint text,
    instance text,
    programme int not null,
    fold smallint not null,
    event bytea not null
);
create index timeline_of_customer on scoring.timeline (customer, time desc, position desc) where customer is not null;

create table scoring.customers (
    customer text primary key,
    state bytea not null
) with (fillfactor = 70);

create table scoring.instances (
    customer text not null,
    journey text not null,
    instance text not null,
    fire_at timestamptz,
    state bytea not null,
    primary key (customer, journey, instance)
) with (fillfactor = 70);
create index instances_timers on scoring.instances (fire_at) where fire_at is not null;

create table scoring.responses (
    response uuid primary key,
    state bytea not null
);

create table scoring.series (
    series int generated always as identity primary key,
    journey text not null,
    major int not null,
    touchpoint text not null,
    perspective text not null,
    metric text not null,
    scale text not null,
    persona text not null,
    channel text not null,
    unique (journey, major, touchpoint, perspective, metric, scale, persona, channel)
);

create table scoring.counts (
    series int not null,
    quarter int not null,
    value int not null,
    n bigint not null,
    primary key (series, quarter, value)
) with (fillfactor = 70);

create table scoring.outbox (
    id bigint generated always as identity primary key,
    topic text not null,
    key bytea,
    value bytea not null,
    headers bytea not null,
    created_at timestamptz not null default now(),
    published_at timestamptz
);
create index outbox_waiting on scoring.outbox (id) where published_at is null;
"""

# Nobody searches by these: sampling them for the planner is a quarter of what sampling costs, and for nothing.
NOT_SEARCHED = """
alter table scoring.seen alter identity set statistics 0;
alter table scoring.timeline alter identity set statistics 0, alter id set statistics 0, alter event set statistics 0;
alter table scoring.customers alter state set statistics 0;
alter table scoring.instances alter state set statistics 0;
alter table scoring.responses alter response set statistics 0, alter state set statistics 0;
"""

VIEWS = """
create view scoring.read_counts as
select s.journey, s.major, s.touchpoint, s.perspective, s.metric, s.scale, s.persona, s.channel,
       c.quarter, c.value, c.n
from scoring.counts c join scoring.series s using (series)
where c.n <> 0;
comment on view scoring.read_counts is
    'How often a value was given: quarter is whole quarter-hours since 1970-01-01 UTC';

create view scoring.read_customers as
select customer, (state->>'first_at')::timestamptz as first_at, (state->>'last_at')::timestamptz as last_at,
       state->>'persona' as persona, (state->>'since')::timestamptz as since,
       coalesce((state->>'confidence')::float8, 0) as confidence, coalesce(state->'reasons', '[]') as reasons,
       array(select json_object_keys(coalesce(state->'identifiers', '{}'))) as identifiers
from (select customer, convert_from(state, 'UTF8')::json as state from scoring.customers) c;

create view scoring.read_instances as
select customer, journey, instance, least((state->>'first_at')::timestamptz, said.first_at) as first_at,
       greatest((state->>'last_at')::timestamptz, said.last_at) as last_at,
       coalesce((state->>'steps')::int, 0) as steps,
       coalesce(state->>'status', 'open') as status,
       least((state->'closed'->>0)::timestamptz, (state->'abandoned'->>0)::timestamptz) as ended_at
from (select customer, journey, instance, convert_from(state, 'UTF8')::json as state from scoring.instances) i,
     lateral (
         select min(at) as first_at, max(at) as last_at
         from json_each(coalesce(state->'moments', '{}')) moment, cast(moment.value->0->>0 as timestamptz) at
     ) said
where instance <> '';

create view scoring.read_promises as
select customer, journey, instance, book.key as touchpoint, (p->'opened'->>0)::timestamptz as opened_at,
       (p->>'due_at')::timestamptz as due_at, p->>'state' as state, (p->>'decided_at')::timestamptz as decided_at
from (select customer, journey, instance, convert_from(state, 'UTF8')::json as state from scoring.instances) i,
     json_each(coalesce(state->'promises', '{}')) book,
     json_array_elements(coalesce(book.value->'promises', '[]')) p;

create view scoring.read_timeline as
select position, customer, time, received_at, id, source, type, journey, touchpoint, instance, event
from scoring.timeline;

create view scoring.read_offsets as
select topic, partition, next_offset from scoring.offsets;
"""


def upgrade() -> None:
    """Make the schema's first tables and views."""
    for block in (TABLES, NOT_SEARCHED, VIEWS):
        for statement in block.split(";\n"):
            if statement.strip():
                op.execute(statement)
