"""Stand-ins for Slack and for the mail server of other people, for the local stack and the tests: `python -m
deploy.local.inbox`.

They check what the real ones check (docs/channels.md says which), keep what they received, show it on a page as its
owner would see it, and misbehave on demand. Nothing that is sent to them leaves this machine.
"""
