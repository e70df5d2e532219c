"""The ways to a person, a file each, and the one protocol that they all meet (channel.py)."""
