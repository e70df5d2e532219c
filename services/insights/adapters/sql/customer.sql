-- Question: who is this customer, which persona, is its treatment skipped, and what do personas weigh of them?
-- Inputs: customer.
-- Index: customers by (customer).
select identifiers, persona, since, weighed_at, programme, treatment_skipped, cast(features as text) as features
from scoring.read_customers join scoring.read_features using (customer)
where customer = :customer
