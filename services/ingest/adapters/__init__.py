"""Kafka: the publisher that gathers events into batches, and the quarantine that is written through it."""
