-- Question: which runs through journeys has this customer begun, the latest first?
-- Inputs: customer; most: how many.
-- Index: instances by (customer, journey, instance); a customer's few are sorted.
select journey, instance, status, first_at, last_at, ended_at, steps
from scoring.read_instances
where customer = :customer
order by last_at desc, journey, instance
limit :most
