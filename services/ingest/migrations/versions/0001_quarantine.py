"""The quarantine's index, how far its topic was read, what came from whom in which minute, and sources' troubles."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
create table ingest.quarantine (
    id bigint generated always as identity primary key,
    digest bytea not null unique,
    door text not null,
    source text not null,
    origin text not null,
    reason text not null,
    kind text not null,
    problems text not null,
    content_type text,
    authentic boolean,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    times bigint not null default 1,
    value bytea not null,
    headers text not null,
    state text not null default 'waiting' check (state in ('waiting', 'replayed', 'dismissed')),
    settled_at timestamptz,
    tried_at timestamptz,
    refusal text,
    leased_until timestamptz
);
create index quarantine_by_state on ingest.quarantine (state, id);
create index quarantine_by_source on ingest.quarantine (source, id);
create index quarantine_by_age on ingest.quarantine (last_seen);

create table ingest.quarantine_offsets (
    partition int primary key,
    topic_id bytea not null,
    next_offset bigint not null
);

create table ingest.traffic (
    door text not null,
    source text not null,
    minute timestamptz not null,
    taken bigint not null default 0,
    refused bigint not null default 0,
    reason text,
    primary key (door, source, minute)
);
create index traffic_by_minute on ingest.traffic (minute);

create table ingest.troubles (
    trouble text primary key,
    kind text not null,
    document text not null,
    at timestamptz not null,
    over boolean not null,
    told_at timestamptz
);
"""


def upgrade() -> None:
    """Make the tables."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
