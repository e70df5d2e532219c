"""Ingest: the only door in. A 202 means that Kafka has the event.

In: CloudEvents over HTTP in three modes, webhooks, and topics that exist already. Out: `voc.events`; what is refused,
with its reasons, to `voc.quarantine`. Owns: writing `voc.events`; schema `ingest`, with an index of what was refused
until it is replayed. Not here: what an event means (scoring), where it belongs on the map (programme).
"""
