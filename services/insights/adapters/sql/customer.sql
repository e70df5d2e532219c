-- Question: who is this customer, which persona, and what do personas weigh of them?
-- Inputs: customer.
-- Index: customers by (customer).
select identifiers, persona, since, weighed_at, programme, cast(features as text) as features
from scoring.read_customers join scoring.read_features using (customer)
where customer = :customer
