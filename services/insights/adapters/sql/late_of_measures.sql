-- Question: what came late to days that are summed, and is not added to them yet?
-- Inputs: journey, major, perspective; places, touchpoints, metrics, firsts, untils: a place in each for each part of a
--         window that is of days, first ≤ day < until.
-- Index: none; it is added to its days within seconds, so there is mostly nothing.
select wanted.place, late.scale, late.value, cast(sum(late.n) as bigint) as n
from unnest(cast(:places as int[]), cast(:touchpoints as text[]), cast(:metrics as text[]), cast(:firsts as int[]),
            cast(:untils as int[]))
     as wanted(place, touchpoint, metric, first, until)
join scoring.read_late late
  on late.journey = :journey and late.major = :major and late.perspective = :perspective
 and late.touchpoint = wanted.touchpoint and late.metric = wanted.metric
 and late.day >= wanted.first and late.day < wanted.until
group by wanted.place, late.scale, late.value
