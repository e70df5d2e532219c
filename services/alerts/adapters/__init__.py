"""What alerts reads from and writes to: PostgreSQL and Kafka."""
