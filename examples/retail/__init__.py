"""Nordwind, an invented shop for outdoor clothes: its programme in YAML, and a generator of its customers' history."""
