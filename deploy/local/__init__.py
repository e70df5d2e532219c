"""A real Kafka, a real PostgreSQL and the services on a machine that has only Python.

Purpose: start them, watch over them, stop them. In: the settings `VOC_…`. Out: processes on the loopback, and
`stack.json` that says what runs. Owns: everything below `VOC_HOME`. Not here: topics and schemas, which the services
make themselves.

Tests start a broker and a database of their own by `kafka.start(home)` and `postgres.start(home)`; people use the
commands `voc up`, `voc down` and `voc status`.
"""
