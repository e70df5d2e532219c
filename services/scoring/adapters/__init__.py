"""PostgreSQL and Kafka, as scoring uses them."""
