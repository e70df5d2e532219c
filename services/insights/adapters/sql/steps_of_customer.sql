-- Question: which steps has this customer reached in each run through a journey?
-- Inputs: customer.
-- Index: timeline by (customer, time desc, position desc). A promise that was missed is a row, and no step reached.
select distinct journey, instance, touchpoint
from scoring.read_timeline
where customer = :customer and instance is not null and touchpoint is not null and type <> 'voc.promise-missed'
