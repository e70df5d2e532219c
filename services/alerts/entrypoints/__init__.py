"""What makes alerts act: messages from Kafka, deliveries that are due, questions over HTTP."""
