"""PostgreSQL as all services use it: one way to connect, migrations by schema, sessions that cannot hang."""
