"""Scoring: events become timelines, customers, journey instances, promises and counts.

In: `voc.events`, the programme. Out: schema `scoring` (views `scoring.read_*` are its contract for readers),
`voc.quarantine` through the outbox. Owns: schema `scoring`. Not here: intervals and answers to questions (insights).
"""
