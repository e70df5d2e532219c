"""The doors: the read API."""
