"""Scoring's statements. Each takes whole columns as arrays: one round trip a table and batch."""

# Opens every folding transaction. No row, or fewer than asked for: somebody else has the partition.
ADVANCE = """
update scoring.offsets o
set next_offset = u.next_offset, last_offset = u.last_offset, last_timestamp = u.last_timestamp,
    last_identity = u.last_identity, old_applied_at = coalesce(u.old_applied_at, o.old_applied_at)
from unnest(cast(:partitions as int[]), cast(:expected as bigint[]), cast(:next_offsets as bigint[]),
            cast(:last_offsets as bigint[]), cast(:last_timestamps as bigint[]), cast(:last_identities as bytea[]),
            cast(:old_applied as timestamptz[]))
     as u(partition, expected, next_offset, last_offset, last_timestamp, last_identity, old_applied_at)
where o.topic = :topic and o.partition = u.partition and o.next_offset = u.expected
returning o.partition, (select max(id) from voc.programme_versions) as programme
"""

# Columns marked ::text::…[] come as array literals (`literals`): cheaper for the driver than arrays of its own.

# Looks first, by the index whatever the planner knows, and inserts plainly: `on conflict` costs a quarter more by its
# speculative insertions. Who is overtaken between the two gets a unique violation, and the batch is repeated.
SEE = """
insert into scoring.seen select id from unnest($1::text::uuid[]) as u(id)
where (select true from scoring.seen s where s.identity = u.id) is null
"""
SEEN_HERE = """
select identity from scoring.seen
where identity = any($1::text::uuid[]) and xmin = pg_current_xact_id()::xid
"""

# A row that this transaction has locked stays where it is until it ends: its ctid finds it again without an index.
CUSTOMERS = """
select customer, state, '"' || ctid || '"' as place from scoring.customers
where customer = any($1::text::text[]) order by customer for no key update
"""
RESPONSES = """
select response, state, '"' || ctid || '"' as place from scoring.responses
where response = any($1::text::uuid[]) order by response for no key update
"""
INSTANCES = """
select i.customer, i.journey, i.instance, i.state, '"' || i.ctid || '"' as place
from unnest($1::text::text[], $2::text::text[], $3::text::text[]) as u(customer, journey, instance)
join scoring.instances i using (customer, journey, instance)
"""

# Plain inserts: two workers that meet the same new customer must not both believe they began from nothing.
INSERT_CUSTOMERS = "insert into scoring.customers (customer, state) select * from unnest($1::text::text[], $2::bytea[])"
UPDATE_CUSTOMERS = """
update scoring.customers c set state = u.state
from unnest($1::text::tid[], $2::bytea[]) as u(place, state) where c.ctid = u.place
"""
INSERT_RESPONSES = "insert into scoring.responses (response, state) select * from unnest($1::text::uuid[], $2::bytea[])"
UPDATE_RESPONSES = """
update scoring.responses r set state = u.state
from unnest($1::text::tid[], $2::bytea[]) as u(place, state) where r.ctid = u.place
"""
INSERT_INSTANCES = """
insert into scoring.instances (customer, journey, instance, fire_at, state)
select * from unnest($1::text::text[], $2::text::text[], $3::text::text[], $4::text::timestamptz[], $5::bytea[])
"""
UPDATE_INSTANCES = """
update scoring.instances i set fire_at = u.fire_at, state = u.state
from unnest($1::text::tid[], $2::text::timestamptz[], $3::bytea[]) as u(place, fire_at, state) where i.ctid = u.place
"""
DELETE_INSTANCES = "delete from scoring.instances i using unnest($1::text::tid[]) as u(place) where i.ctid = u.place"

SERIES_OF = """
select s.series, s.journey, s.major, s.touchpoint, s.perspective, s.metric, s.scale, s.persona, s.channel
from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
     as u(journey, major, touchpoint, perspective, metric, scale, persona, channel)
join scoring.series s using (journey, major, touchpoint, perspective, metric, scale, persona, channel)
"""
INSERT_SERIES = """
insert into scoring.series (journey, major, touchpoint, perspective, metric, scale, persona, channel)
select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
on conflict do nothing
"""
# What is added to a day that may be summed already is said beside it (`days`).
ADD_COUNTS = """
with given as (
    select * from unnest($1::text::int[], $2::text::int[], $3::text::int[], $4::text::bigint[])
        as g(series, quarter, value, n)
), late as (
    insert into scoring.late (series, day, value, n)
    select g.series, g.quarter / 96, g.value, g.n from given g, scoring.summing m
    where g.quarter >= m.first * 96 and g.quarter < m.marked * 96
)
insert into scoring.counts (series, quarter, value, n)
select * from given
on conflict (series, quarter, value) do update set n = scoring.counts.n + excluded.n
"""

OUTBOX = """
insert into scoring.outbox (topic, key, value, headers)
select * from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[])
"""
