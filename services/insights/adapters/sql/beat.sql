-- Question: when has an evaluator last looked whether something is to be decided?
-- Inputs: none.
-- Index: none; it is one row.
select at from scoring.read_beat
