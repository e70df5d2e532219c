"""Kafka: the publisher that gathers events into batches, and the quarantine that is written through it. PostgreSQL: the
programme in force, and the quarantine's index."""
