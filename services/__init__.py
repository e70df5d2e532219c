"""The services. Each owns a schema and a door; they never import one another and meet in `shared`."""
