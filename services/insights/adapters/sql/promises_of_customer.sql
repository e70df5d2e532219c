-- Question: what was promised to this customer, the latest due first?
-- Inputs: customer; most: how many.
-- Index: instances by (customer, journey, instance); a customer's few are sorted.
select journey, nullif(instance, '') as instance, touchpoint, due_at, state, decided_at
from scoring.read_promises
where customer = :customer
order by due_at desc, journey, instance, touchpoint
limit :most
