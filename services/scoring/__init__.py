"""Scoring: events become timelines, customers with their personas, journey instances, promises, counts and cases.

In: `voc.events`, the programme. Out: schema `scoring` (views `scoring.read_*` are its contract for readers), and
through the outbox `voc.personas`, `voc.cases` and `voc.quarantine`. Owns: schema `scoring`. Not here: intervals and
answers to questions (insights).
"""
