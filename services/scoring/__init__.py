"""Scoring: events become timelines, customers with their personas, instances, promises and counts, statuses and cases.

In: `voc.events`, the programme. Out: schema `scoring` (views `scoring.read_*` are its contract for readers), and
through the outbox `voc.personas`, `voc.cases`, `voc.moments` (statuses), `voc.troubles` (for the programme's admin) and
`voc.quarantine`. Owns: schema `scoring`. Not here: answers to questions (insights), telling people (alerts).
"""
