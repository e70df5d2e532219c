"""Kafka as all services use it: one table of topics, one way to connect, Kafka's own partitioning."""
