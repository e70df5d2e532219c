"""Where the answers come from: scoring's views and the programme's versions, in PostgreSQL."""
