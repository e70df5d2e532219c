"""How far the bridge has read, and which sources it does not read on."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
create table ingest.bridge_positions (
    source text not null,
    topic text not null,
    partition int not null,
    generation int not null default 1,
    next_offset bigint not null,
    cluster_id text not null,
    topic_id bytea,
    last_offset bigint,
    last_timestamp bigint,
    last_digest bytea,
    refused_in_a_row int not null default 0,
    lost bigint not null default 0,
    said text not null default '',
    said_at timestamptz,
    end_offset bigint,
    looked_at timestamptz,
    primary key (source, topic, partition)
) with (fillfactor = 50);

create table ingest.bridge_stops (
    source text primary key,
    configured bytea not null,
    reason text not null,
    stopped_at timestamptz not null default now()
);
"""


def upgrade() -> None:
    """Make the tables of the bridge."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
