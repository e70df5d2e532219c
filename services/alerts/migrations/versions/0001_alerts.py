"""Inbox, moments, episodes, cases, troubles, conversations, deliveries, attempts, buckets, receivers."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
create table alerts.inbox (
    event text primary key,
    topic text not null,
    subject text not null,
    reason text not null,
    told int not null,
    received_at timestamptz not null
);
create index inbox_of_subject on alerts.inbox (topic, subject, received_at);

create table alerts.moments (
    journey text not null,
    touchpoint text not null,
    sequence bigint not null,
    status text not null,
    primary key (journey, touchpoint)
);

create table alerts.episodes (
    id uuid primary key,
    journey text not null,
    touchpoint text not null,
    opened_at timestamptz not null,
    noticed_at timestamptz not null,
    closed_at timestamptz,
    document jsonb not null
);
create unique index episodes_open on alerts.episodes (journey, touchpoint) where closed_at is null;
create index episodes_listed on alerts.episodes (opened_at desc, id desc);

create table alerts.cases (
    id text primary key,
    thread uuid not null,
    owner text not null,
    customer text not null,
    opened_at timestamptz not null,
    reply_by timestamptz,
    document jsonb not null
);
create index cases_listed on alerts.cases (opened_at desc, id desc);
create index cases_of_customer on alerts.cases (customer, opened_at desc);

create table alerts.troubles (
    trouble text primary key,
    sequence bigint not null,
    spell uuid not null,
    kind text not null,
    over_at timestamptz,
    document jsonb not null
);

create table alerts.conversations (
    id uuid primary key,
    thread uuid not null,
    about text not null check (about in ('episode', 'case', 'trouble')),
    channel text not null,
    address text not null,
    name text not null,
    zone text not null,
    root text,
    due_at timestamptz,
    lease_until timestamptz,
    fence bigint not null default 0,
    unique (thread, channel, address)
) with (fillfactor = 70);
create index conversations_due on alerts.conversations (due_at) where due_at is not null;

create table alerts.deliveries (
    position bigint generated always as identity primary key,
    id uuid not null unique,
    conversation uuid not null references alerts.conversations,
    kind text not null,
    edit boolean not null,
    reason text not null,
    letter jsonb not null,
    state text not null
        check (state in ('queued', 'claimed', 'sending', 'unclear', 'delivered', 'failed', 'overtaken')),
    caused_at timestamptz not null,
    queued_at timestamptz not null,
    tried_at timestamptz,
    tries int not null default 0,
    done_at timestamptz,
    overtaken_by uuid,
    reference text,
    answer text
) with (fillfactor = 70);
create index deliveries_of_conversation on alerts.deliveries (conversation, position);
create index deliveries_waiting on alerts.deliveries (queued_at)
    where state in ('queued', 'claimed', 'sending', 'unclear');

create table alerts.attempts (
    delivery uuid not null references alerts.deliveries (id),
    fence bigint not null,
    what text not null check (what in ('send', 'find')),
    began_at timestamptz not null,
    ended_at timestamptz,
    outcome text,
    answer text,
    primary key (delivery, fence)
);

create table alerts.buckets (
    channel text not null,
    address text not null,
    free_at timestamptz not null,
    primary key (channel, address)
);

create table alerts.broken_receivers (
    channel text not null,
    address text not null,
    since timestamptz not null,
    document jsonb not null,
    primary key (channel, address)
);
"""


def upgrade() -> None:
    """Make the schema's first tables."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
