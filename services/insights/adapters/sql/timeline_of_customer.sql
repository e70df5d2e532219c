-- Question: what happened with this customer before a place of the timeline, the latest first?
-- Inputs: customer; before_time, before_position: the place; most: how many.
-- Index: timeline by (customer, time desc, position desc).
select time, position, id, source, type, touchpoint, event
from scoring.read_timeline
where customer = :customer and (time, position) < (:before_time, :before_position)
order by time desc, position desc
limit :most
