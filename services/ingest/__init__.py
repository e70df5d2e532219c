"""Ingest: the only door in. A 202 means that Kafka has the event.

In: CloudEvents over HTTP in three modes. Out: `voc.events`; what is refused, with its reasons, to `voc.quarantine`.
Owns: writing `voc.events`; no tables. Not here: what an event means (scoring), where it belongs on the map (programme).
"""
