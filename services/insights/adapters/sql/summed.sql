-- Question: which UTC days can be read as days, since they are summed?
-- Inputs: none.
-- Index: none; it is one row.
select first, until from scoring.read_summed
