-- Question: how was each measure of some journeys decided?
-- Inputs: journeys.
-- Index: measures by (journey, major, touchpoint, metric, …).
select journey, major, touchpoint, metric, stat, scale, "window",
       status, since, decided_at, initial, incomplete, held_since
from scoring.read_measures
where journey = any(cast(:journeys as text[]))
