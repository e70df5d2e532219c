-- Question: how often was each value given by those whose journey it is, in each part of each measure's window? A value
--           may come in more than one row.
-- Inputs: journey, major, perspective; places, touchpoints, metrics, firsts, untils, by_days: a place in each for each
--         part of a window, first ≤ day < until where it is of days, first ≤ quarter < until where it is not.
-- Index: series by (journey, major, touchpoint, perspective, metric, …), then counts by (series, quarter, value) or days
--        by (series, day, value); the lateral block keeps it so, and looks at one of the two.
select wanted.place, given.scale, given.value, given.n
from unnest(cast(:places as int[]), cast(:touchpoints as text[]), cast(:metrics as text[]), cast(:firsts as int[]),
            cast(:untils as int[]), cast(:by_days as boolean[]))
     as wanted(place, touchpoint, metric, first, until, by_day)
cross join lateral (
    select scale, value, cast(sum(n) as bigint) as n
    from scoring.read_counts
    where not wanted.by_day and journey = :journey and major = :major and touchpoint = wanted.touchpoint
      and perspective = :perspective and metric = wanted.metric and quarter >= wanted.first and quarter < wanted.until
    group by scale, value
    union all
    select scale, value, cast(sum(n) as bigint) as n
    from scoring.read_days
    where wanted.by_day and journey = :journey and major = :major and touchpoint = wanted.touchpoint
      and perspective = :perspective and metric = wanted.metric and day >= wanted.first and day < wanted.until
    group by scale, value
) given
