-- Question: how did this customer score the moments of each run through a journey?
-- Inputs: customer.
-- Index: instances by (customer, journey, instance).
select journey, instance, response, answer, touchpoint, metric, score, time, source, id
from scoring.read_scores
where customer = :customer
