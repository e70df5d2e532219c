-- Question: who is this customer, and which persona?
-- Inputs: customer.
-- Index: customers by (customer).
select identifiers, persona, since, confidence, reasons
from scoring.read_customers
where customer = :customer
