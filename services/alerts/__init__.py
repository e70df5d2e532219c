"""Alerts: a moment of truth goes red, and its owner knows.

In: `voc.moments`, `voc.cases`, `voc.troubles`. Out: Slack and e-mail; the read API, HTTP on port 8081. Owns: schema
`alerts` (inbox, episodes, cases, deliveries). Not here: what is red and who needs help (scoring).
"""
