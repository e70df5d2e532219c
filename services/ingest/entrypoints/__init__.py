"""The door: `POST /v1/events` as plain ASGI (ADR 0007), the rest as FastAPI."""
