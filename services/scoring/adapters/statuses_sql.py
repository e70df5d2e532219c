"""Statements of the evaluator. Instants come as parameters: the clock is its caller's."""

LEAD = "select pg_try_advisory_xact_lock(hashtext('scoring.evaluator'))"
BEAT = """
insert into scoring.beat (at) values (:at)
on conflict (single) do update set at = greatest(scoring.beat.at, excluded.at)
"""
MEASURES = 'select journey, major, touchpoint, metric, stat, scale, "window", standing::text from scoring.measures'
MOMENTS = "select journey, touchpoint, standing::text from scoring.moments"
OLD_APPLIED = "select max(old_applied_at) from scoring.offsets where topic = :topic"
ANY_TIMER = "select exists (select from scoring.instances where fire_at < :at)"

# Question: how often was each value given for each measure, in its long window and its short one?
# Index: series by its unique key, then counts by (series, quarter, value).
COUNTS = """
select wanted.place, given.scale, given.value, given.long, given.short
from unnest(cast(:journeys as text[]), cast(:majors as int[]), cast(:touchpoints as text[]),
            cast(:perspectives as text[]), cast(:metrics as text[]), cast(:firsts as int[]), cast(:shorts as int[]),
            cast(:untils as int[]))
     with ordinality as wanted(journey, major, touchpoint, perspective, metric, first, short, until, place)
cross join lateral (
    select s.scale, c.value, cast(sum(c.n) as bigint) as long,
           cast(coalesce(sum(c.n) filter (where c.quarter >= wanted.short), 0) as bigint) as short
    from scoring.series s join scoring.counts c using (series)
    where s.journey = wanted.journey and s.major = wanted.major and s.touchpoint = wanted.touchpoint
      and s.perspective = wanted.perspective and s.metric = wanted.metric
      and c.quarter >= wanted.first and c.quarter < wanted.until
    group by s.scale, c.value
) given
"""

# Question: the same by persona and channel on one scale, beside the window before. Asked of measures that changed.
CUTS = """
select wanted.place, s.persona, s.channel, c.value,
       cast(coalesce(sum(c.n) filter (where c.quarter >= wanted.first), 0) as bigint) as now,
       cast(coalesce(sum(c.n) filter (where c.quarter < wanted.first), 0) as bigint) as before
from unnest(cast(:journeys as text[]), cast(:majors as int[]), cast(:touchpoints as text[]),
            cast(:perspectives as text[]), cast(:metrics as text[]), cast(:scales as text[]), cast(:befores as int[]),
            cast(:firsts as int[]), cast(:untils as int[]))
     with ordinality
     as wanted(journey, major, touchpoint, perspective, metric, scale, before, first, until, place)
join scoring.series s on s.journey = wanted.journey and s.major = wanted.major and s.touchpoint = wanted.touchpoint
     and s.perspective = wanted.perspective and s.metric = wanted.metric and s.scale = wanted.scale
join scoring.counts c on c.series = s.series and c.quarter >= wanted.before and c.quarter < wanted.until
group by wanted.place, s.persona, s.channel, c.value
"""

PUT_MEASURES = """
insert into scoring.measures (journey, major, touchpoint, metric, stat, scale, "window", standing)
select journey, major, touchpoint, metric, stat, scale, "window", cast(standing as jsonb)
from unnest(cast(:journeys as text[]), cast(:majors as int[]), cast(:touchpoints as text[]), cast(:metrics as text[]),
            cast(:stats as text[]), cast(:scales as text[]), cast(:windows as int[]), cast(:standings as text[]))
     as u(journey, major, touchpoint, metric, stat, scale, "window", standing)
on conflict (journey, major, touchpoint, metric, stat, scale, "window") do update set standing = excluded.standing
"""
DROP_MEASURES = """
delete from scoring.measures m
using unnest(cast(:journeys as text[]), cast(:majors as int[]), cast(:touchpoints as text[]), cast(:metrics as text[]),
             cast(:stats as text[]), cast(:scales as text[]), cast(:windows as int[]))
     as u(journey, major, touchpoint, metric, stat, scale, "window")
where (m.journey, m.major, m.touchpoint, m.metric, m.stat, m.scale, m."window")
    = (u.journey, u.major, u.touchpoint, u.metric, u.stat, u.scale, u."window")
"""
PUT_MOMENTS = """
insert into scoring.moments (journey, touchpoint, standing)
select journey, touchpoint, cast(standing as jsonb)
from unnest(cast(:journeys as text[]), cast(:touchpoints as text[]), cast(:standings as text[]))
     as u(journey, touchpoint, standing)
on conflict (journey, touchpoint) do update set standing = excluded.standing
"""
DROP_MOMENTS = """
delete from scoring.moments m
using unnest(cast(:journeys as text[]), cast(:touchpoints as text[])) as u(journey, touchpoint)
where (m.journey, m.touchpoint) = (u.journey, u.touchpoint)
"""
ADD_DECISIONS = """
insert into scoring.decisions
    (journey, major, touchpoint, metric, stat, scale, "window", decided_at, known_at, programme, rule, reason, status,
     record)
select journey, major, touchpoint, metric, stat, scale, "window", :at, :known_at, :programme, :rule, reason, status,
       cast(record as jsonb)
from unnest(cast(:journeys as text[]), cast(:majors as int[]), cast(:touchpoints as text[]), cast(:metrics as text[]),
            cast(:stats as text[]), cast(:scales as text[]), cast(:windows as int[]), cast(:reasons as text[]),
            cast(:statuses as text[]), cast(:records as text[]))
     as u(journey, major, touchpoint, metric, stat, scale, "window", reason, status, record)
"""
NEXT_SEQUENCE = "select nextval('scoring.moment_sequence')"

TROUBLES = "select trouble, told::text as told from scoring.troubles"
PUT_TROUBLE = "insert into scoring.troubles (trouble, told) values (:trouble, cast(:told as jsonb))"
DROP_TROUBLE = "delete from scoring.troubles where trouble = :trouble"
