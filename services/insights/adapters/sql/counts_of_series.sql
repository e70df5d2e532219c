-- Question: how often was each value given in each step of a span?
-- Inputs: journey, major, touchpoint, perspective, metric; scale, persona, channel: null for all of them;
--         edges: the quarters at which the steps begin and the one at which the last ends; first, until: its ends.
-- Index: series by (journey, major, touchpoint, perspective, metric, …), then counts by (series, quarter, value).
select width_bucket(quarter, cast(:edges as int[])) as step, scale, value, cast(sum(n) as bigint) as n
from scoring.read_counts
where journey = :journey and major = :major and touchpoint = :touchpoint and perspective = :perspective
  and metric = :metric
  and (cast(:scale as text) is null or scale = :scale)
  and (cast(:persona as text) is null or persona = :persona)
  and (cast(:channel as text) is null or channel = :channel)
  and quarter >= :first and quarter < :until
group by step, scale, value
