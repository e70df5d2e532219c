-- Question: how often was each value given by those whose journey it is, for each measure of it in its own window?
-- Inputs: journey, major, perspective; touchpoints, metrics, firsts, untils: a place in each for each measure, first ≤ quarter < until.
-- Index: series by (journey, major, touchpoint, perspective, metric, …), then counts by (series, quarter, value); the
--        lateral block keeps it so, however many cells there are.
select wanted.place, given.scale, given.value, given.n
from unnest(cast(:touchpoints as text[]), cast(:metrics as text[]), cast(:firsts as int[]), cast(:untils as int[]))
     with ordinality as wanted(touchpoint, metric, first, until, place)
cross join lateral (
    select scale, value, cast(sum(n) as bigint) as n
    from scoring.read_counts
    where journey = :journey and major = :major and touchpoint = wanted.touchpoint and perspective = :perspective
      and metric = wanted.metric and quarter >= wanted.first and quarter < wanted.until
    group by scale, value
) given
