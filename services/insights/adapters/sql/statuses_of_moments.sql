-- Question: when was each moment of truth of some journeys decided last?
-- Inputs: journeys.
-- Index: moments by (journey, touchpoint).
select journey, major, touchpoint, decided_at
from scoring.read_moments
where journey = any(cast(:journeys as text[]))
