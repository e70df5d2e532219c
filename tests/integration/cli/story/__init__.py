"""The demo's parts at a real door."""
