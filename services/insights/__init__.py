"""What people and programs look at: journeys, figures with their intervals, customers with their timelines.

In: scoring's views `scoring.read_*` and the programme's versions (schema `voc`). Out: the read API, HTTP on port 8082.
Owns: nothing; it reads, so any number of these may run. Not here: what is decided or counted (scoring), who is told
(alerts).
"""
