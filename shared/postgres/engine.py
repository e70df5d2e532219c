"""How to reach PostgreSQL."""

from typing import Any

import asyncpg
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.postgres import silence
from shared.postgres.tls import taken_from

# A session that hangs inside a transaction must not keep its locks from a successor (design §3.1). The server's own
# timeouts and sockets only: what the client does about a silent server is in `silence`, and `answer_seconds`.
BOUNDED = {
    "idle_in_transaction_session_timeout": "5s",
    "transaction_timeout": "30s",
    "lock_timeout": "10s",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}

AWAY = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What the database's being away looks like; a connection that is being made raises the driver's own errors.

Not all of them pass: see `refuses_value`.
"""

_VALUES = ("22", "23")  # SQLSTATE's classes: data exception, integrity constraint violation


def refuses_value(error: BaseException) -> bool:
    """Whether PostgreSQL is there and does not take what it was given: the same again would fail again."""
    if not isinstance(error, DBAPIError) or error.connection_invalidated:
        return False
    cause = getattr(error.orig, "__cause__", None) or error.orig
    return isinstance(cause, ValueError) or str(getattr(cause, "sqlstate", "")).startswith(_VALUES)


class DatabaseSettings(BaseSettings):
    """Where PostgreSQL is."""

    model_config = SettingsConfigDict(env_prefix="VOC_DATABASE_", frozen=True, extra="ignore")

    url: SecretStr = Field(
        SecretStr("postgresql://voc@127.0.0.1:35432/voc"),
        description="postgresql://user:password@host:port/database; ?sslmode=require and the like for TLS",
    )
    answer_seconds: float = Field(
        35.0,
        gt=0,
        description="how long a statement is waited for; then the connection counts as lost, the server as away",
    )


def connect(settings: DatabaseSettings, *, application: str, bounded: bool = True, pool_size: int = 5) -> AsyncEngine:
    """An engine that makes its connections when they are wanted.

    `application` is the name that `pg_stat_activity` shows. `bounded` sets the timeouts of `BOUNDED` and waits no
    longer than `answer_seconds` for a server that says nothing. Raises VocError for an address it cannot use.
    """
    url, tls = taken_from(make_url(settings.url.get_secret_value()))
    options: dict[str, Any] = {"server_settings": {"application_name": application, **(BOUNDED if bounded else {})}}
    if bounded:
        options["command_timeout"] = settings.answer_seconds
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        connect_args={**options, **tls, "timeout": 5},
        pool_size=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # customers' data is not for logs
    )
    event.listen(engine.sync_engine, "connect", silence.noticed)
    return engine
