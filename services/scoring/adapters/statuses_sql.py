"""Statements of the evaluator. Instants come as parameters: the clock is its caller's."""

LEAD = "select pg_try_advisory_xact_lock(hashtext('scoring.evaluator'))"
# A beat from the future is of a clock that was wrong: it fences nobody off.
BEAT = """
insert into scoring.beat (at) values (:at)
on conflict (single) do update set at = excluded.at
where scoring.beat.at <= excluded.at or scoring.beat.at > cast(:now as timestamptz) + interval '1 minute'
returning at
"""
MEASURES = 'select journey, major, touchpoint, metric, stat, scale, "window", standing::text from scoring.measures'
MOMENTS = "select journey, touchpoint, standing::text from scoring.moments"
OLD_APPLIED = "select max(old_applied_at) from scoring.offsets where topic = :topic"

# Parts of windows (`segments`): days or quarter-hours, each of a measure's place and of one of its two windows. A block
# for either kind; the one that is not asked for is not looked at.
_WANTED = """
unnest(cast(:places as int[]), cast(:others as boolean[]), cast(:journeys as text[]), cast(:majors as int[]),
       cast(:touchpoints as text[]), cast(:perspectives as text[]), cast(:metrics as text[]), cast(:scales as text[]),
       cast(:firsts as int[]), cast(:untils as int[]), cast(:by_days as boolean[]))
    as wanted(place, other, journey, major, touchpoint, perspective, metric, scale, first, until, by_day)
"""
_OF_MEASURE = """
s.journey = wanted.journey and s.major = wanted.major and s.touchpoint = wanted.touchpoint
  and s.perspective = wanted.perspective and s.metric = wanted.metric
"""
_GIVEN = f"""
scoring.series s cross join lateral (
    select value, n from scoring.counts
    where not wanted.by_day and series = s.series and quarter >= wanted.first and quarter < wanted.until
    union all
    select value, n from scoring.days
    where wanted.by_day and series = s.series and day >= wanted.first and day < wanted.until
) c
where {_OF_MEASURE}
"""
# What came late to these days and is not added yet: mostly nothing, so it is not looked for at each of them.
_LATE = f"""
{_WANTED} join scoring.series s on {_OF_MEASURE}
join scoring.late l on l.series = s.series and l.day >= wanted.first and l.day < wanted.until
where wanted.by_day
"""

# Question: how often was each value given for each measure, in its long window and (`other`) its short one? A value may
# come in more than one row.
# Index: series by its unique key, then counts by (series, quarter, value) or days by (series, day, value).
COUNTS = f"""
select wanted.place, wanted.other, given.scale, given.value, given.n
from {_WANTED} cross join lateral (
    select s.scale, c.value, cast(sum(c.n) as bigint) as n
    from {_GIVEN}
    group by s.scale, c.value
) given
union all
select wanted.place, wanted.other, s.scale, l.value, cast(sum(l.n) as bigint)
from {_LATE}
group by wanted.place, wanted.other, s.scale, l.value
"""

# Question: the same by persona and channel on one scale, in the window now and in (`other`) the one before. Asked of
# the measures of moments that are told.
CUTS = f"""
select wanted.place, wanted.other, given.persona, given.channel, given.value, given.n
from {_WANTED} cross join lateral (
    select s.persona, s.channel, c.value, cast(sum(c.n) as bigint) as n
    from {_GIVEN} and s.scale = wanted.scale
    group by s.persona, s.channel, c.value
) given
union all
select wanted.place, wanted.other, s.persona, s.channel, l.value, cast(sum(l.n) as bigint)
from {_LATE} and s.scale = wanted.scale
group by wanted.place, wanted.other, s.persona, s.channel, l.value
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
