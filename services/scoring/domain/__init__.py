"""Decisions without I/O: what one event changes in what is known of its customer."""
