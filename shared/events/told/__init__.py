"""What scoring tells: personas, statuses, cases, troubles. Each is the data of a CloudEvent on a topic of its own."""
