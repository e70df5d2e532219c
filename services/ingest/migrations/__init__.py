"""Schema `ingest`: made and changed by the files in versions/, applied when the service starts."""
